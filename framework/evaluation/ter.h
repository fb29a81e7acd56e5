#pragma once
// Computes the translation edit rate (Snover et al. 2006) exactly as sacreBLEU 2.6.0 does.
//
//   TER = 100 * edits / reference words,   edits = block shifts + insertions + deletions + substitutions
//
// Words are separated by white space and lower-cased. Shifts are found by a greedy search (see ter_edits). With several
// references, a segment's edits are the fewest of all, and its length is the mean of the references' lengths.
//
// A row of statistics: edits, reference words.
#include "framework/evaluation/metric.h"

namespace regard::evaluation {

struct TerOptions {
  bool case_sensitive = false;
};

class Ter final : public Metric {
 public:
  explicit Ter(TerOptions options = {}) : options_(options) {}

  [[nodiscard]] std::string name() const override { return "TER"; }
  [[nodiscard]] double score(std::span<const double> sum) const override;
  [[nodiscard]] std::string verbose(std::span<const double>) const override { return {}; }
  [[nodiscard]] Signature signature(std::size_t references) const override;

 protected:
  void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
            std::span<double> out) const override;
  [[nodiscard]] Index width() const override { return 2; }

 private:
  TerOptions options_;
};

// Returns the number of edits that turn one sequence of word numbers into another. As long as a shift of words reduces
// the edit distance, the best shift is made: by gain, then length, then the earliest start, then the earliest place. A
// shift moves at most 10 words by at most 50 places. After 1000 tried shifts, no other shift is made. The edit distance
// considers at most 25 places from the diagonal.
[[nodiscard]] Index ter_edits(const std::vector<std::uint32_t>& hypothesis,
                              const std::vector<std::uint32_t>& reference);

}  // namespace regard::evaluation
