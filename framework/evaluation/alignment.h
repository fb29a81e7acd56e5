#pragma once
// Word alignments: gold ones from files, hard ones from attention weights, and the alignment error rate between
// them (Och and Ney 2003; Luong et al. 2015, table 6).
//
// A line of a file (Pharaoh form) has the links of one sentence pair, separated by white space, zero-based, source
// first:
//   i-j        a sure link
//   i?j  ipj   a possible one
// A link given both ways is sure; one given twice counts once.
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
  Links possible;  // the sure ones are among them
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

// Links each of the first `target_words` target words with the source word, among the first `source_words`, that
// has the largest weight; of equal ones the first. Later columns (end of sentence, padding) cannot be chosen, so
// each word gets one link.
[[nodiscard]] Links hard_alignment(const WeightMatrix& weights, Index source_words, Index target_words);

// Counts over any number of sentences; counts of several sentences add up.
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

// Returns the share of pairs of links that cross, 0 to 1: how much the word order of a sentence pair differs (one
// minus Kendall's tau, halved). Pairs that share a word do not count; 0 without a pair.
[[nodiscard]] double crossing_share(const Links& links);

}  // namespace regard::evaluation
