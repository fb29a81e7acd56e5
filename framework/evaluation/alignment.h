#pragma once
// Word alignments: reads gold ones from files, makes hard ones from attention weights, and computes the alignment error
// rate between them (Och and Ney 2003; Luong et al. 2015, table 6).
//
// A line of a file (Pharaoh form) has the links of one sentence pair, separated by white space, zero-based, source
// first:
//   i-j        a sure link
//   i?j  ipj   a possible link
// A link that is given as sure and as possible is sure; a link that is given twice counts once.
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/base/base.h"
#include "framework/base/weight_matrix.h"

namespace regard::evaluation {

struct Link {
  Index source = 0;
  Index target = 0;
  auto operator<=>(const Link&) const = default;
};
using Links = std::vector<Link>;  // sorted, each once

struct GoldAlignment {
  Links sure;
  Links possible;  // contains the sure ones
};

// Reads one line. DataError "place: …" if a link is malformed; `place` is "file:line".
[[nodiscard]] GoldAlignment parse_alignment(std::string_view line, std::string_view place);

// Reads a file with one alignment a line. DataError if the file cannot be read or a line is malformed.
[[nodiscard]] std::vector<GoldAlignment> read_alignments(const std::string& path);

// Converts weights of pieces to weights of words: sums over the pieces of a source word, averages over the pieces
// of a target word. source_word [sources] and target_word [targets] give the word of each piece, from 0, without
// gaps and never falling. A piece with -1 (end of sentence, padding) is skipped.
[[nodiscard]] WeightMatrix words_from_pieces(const WeightMatrix& pieces, std::span<const Index> source_word,
                                             std::span<const Index> target_word);

// Links each of the first `target_words` target words with one of the first `source_words` source words: the one with
// the largest weight, of equal ones the first. Later columns (end of sentence, padding) are not chosen, so that each
// target word gets a link.
[[nodiscard]] Links hard_alignment(const WeightMatrix& weights, Index source_words, Index target_words);

// Counts over one or more sentences; counts of several sentences can be added.
struct AlignmentScore {
  Index links = 0;  // A
  Index sure = 0;   // S
  Index links_in_sure = 0;
  Index links_in_possible = 0;

  void add(const Links& links_made, const GoldAlignment& gold);
  [[nodiscard]] double precision() const noexcept;   // |A n P| / |A|
  [[nodiscard]] double recall() const noexcept;      // |A n S| / |S|
  [[nodiscard]] double error_rate() const noexcept;  // AER = 1 - (|A n S| + |A n P|) / (|A| + |S|)
};

// Returns the share of pairs of links that cross, 0 to 1. It measures how much the word order of a sentence pair
// differs, and equals (1 - Kendall's tau) / 2. Pairs that share a word do not count; returns 0 without a pair.
[[nodiscard]] double crossing_share(const Links& links);

}  // namespace regard::evaluation
