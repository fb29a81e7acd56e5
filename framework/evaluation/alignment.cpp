#include "framework/evaluation/alignment.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "framework/base/errors.h"
#include "framework/evaluation/lines.h"
#include "framework/evaluation/text.h"

namespace regard::evaluation {
namespace {

std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }

void keep_each_once(Links& links) {
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
}

bool contains(const Links& links, const Link& link) {
  return std::binary_search(links.begin(), links.end(), link);
}

// Parses "3-4" into 3, '-', 4. Returns false for another form.
bool parse_link(std::string_view text, Link& link, char& kind) {
  const char* const end = text.data() + text.size();
  const auto [middle, bad_source] = std::from_chars(text.data(), end, link.source);
  if (bad_source != std::errc() || middle == end || link.source < 0 || text.front() == '-') return false;
  kind = *middle;
  if (kind != '-' && kind != '?' && kind != 'p') return false;
  const auto [last, bad_target] = std::from_chars(middle + 1, end, link.target);
  return bad_target == std::errc() && last == end && link.target >= 0 && middle[1] != '-';
}

double ratio(Index part, Index whole, double otherwise) noexcept {
  return whole == 0 ? otherwise : static_cast<double>(part) / static_cast<double>(whole);
}

Index words_in(std::span<const Index> word_of, Index positions, const char* side) {
  check(static_cast<Index>(word_of.size()) == positions, side);
  Index words = 0;
  for (const Index word : word_of) {
    if (word < 0) continue;
    check(word == words || word + 1 == words, side);
    words = std::max(words, word + 1);
  }
  return words;
}

}  // namespace

GoldAlignment parse_alignment(std::string_view line, std::string_view place) {
  GoldAlignment gold;
  for (const std::string_view text : split(line)) {
    Link link;
    char kind = 0;
    if (!parse_link(text, link, kind)) {
      throw DataError(
          fmt::format("{}: '{}' is not a link; write sure links as i-j and possible ones as i?j or ipj, with "
                      "positions from 0, source first",
                      place, text));
    }
    if (kind == '-') gold.sure.push_back(link);
    gold.possible.push_back(link);
  }
  keep_each_once(gold.sure);
  keep_each_once(gold.possible);
  return gold;
}

std::vector<GoldAlignment> read_alignments(const std::string& path) {
  std::vector<GoldAlignment> out;
  Lines lines = read_lines(path);
  if (starts_with_mark(lines)) lines[0].erase(0, 3);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out.push_back(parse_alignment(lines[i], fmt::format("{}:{}", path, i + 1)));
  }
  return out;
}

WeightMatrix words_from_pieces(const WeightMatrix& pieces, std::span<const Index> source_word,
                               std::span<const Index> target_word) {
  WeightMatrix words;
  words.sources =
      words_in(source_word, pieces.sources, "words_from_pieces: source words are numbered from 0 without a gap");
  words.targets =
      words_in(target_word, pieces.targets, "words_from_pieces: target words are numbered from 0 without a gap");
  words.values.assign(at(words.targets * words.sources), 0.0);
  std::vector<double> count(at(words.targets), 0.0);
  for (Index t = 0; t < pieces.targets; ++t) {
    const Index to = target_word[at(t)];
    if (to < 0) continue;
    count[at(to)] += 1.0;
    for (Index s = 0; s < pieces.sources; ++s) {
      const Index from = source_word[at(s)];
      if (from >= 0) words.values[at(to * words.sources + from)] += pieces.row(t)[at(s)];
    }
  }
  for (Index t = 0; t < words.targets; ++t) {
    for (Index s = 0; s < words.sources; ++s) words.values[at(t * words.sources + s)] /= count[at(t)];
  }
  return words;
}

Links hard_alignment(const WeightMatrix& weights, Index source_words, Index target_words) {
  check(source_words <= weights.sources && target_words <= weights.targets,
        "hard_alignment: no more words than the matrix has");
  Links links;
  if (source_words == 0) return links;
  for (Index t = 0; t < target_words; ++t) {
    const std::span<const double> row = weights.row(t).first(at(source_words));
    links.push_back({std::max_element(row.begin(), row.end()) - row.begin(), t});
  }
  keep_each_once(links);
  return links;
}

void AlignmentScore::add(const Links& links_made, const GoldAlignment& gold) {
  links += static_cast<Index>(links_made.size());
  sure += static_cast<Index>(gold.sure.size());
  for (const Link& link : links_made) {
    links_in_sure += contains(gold.sure, link) ? 1 : 0;
    links_in_possible += contains(gold.possible, link) ? 1 : 0;
  }
}

double AlignmentScore::precision() const noexcept { return ratio(links_in_possible, links, 1.0); }
double AlignmentScore::recall() const noexcept { return ratio(links_in_sure, sure, 1.0); }
double AlignmentScore::error_rate() const noexcept {
  return 1.0 - ratio(links_in_sure + links_in_possible, links + sure, 1.0);
}

double crossing_share(const Links& links) {
  Index crossing = 0;
  Index pairs = 0;
  for (std::size_t a = 0; a < links.size(); ++a) {
    for (std::size_t b = a + 1; b < links.size(); ++b) {
      const Index source = links[b].source - links[a].source;
      const Index target = links[b].target - links[a].target;
      if (source == 0 || target == 0) continue;
      ++pairs;
      crossing += (source > 0) != (target > 0) ? 1 : 0;
    }
  }
  return ratio(crossing, pairs, 0.0);
}

}  // namespace regard::evaluation
