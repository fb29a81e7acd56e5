#pragma once
// The scores of many runs on one test set, resampled once, from which any two groups of runs are compared. The work for
// a run (1000 resamples and one score without each sentence) is done once, not once a comparison.
#include <span>
#include <vector>

#include "framework/evaluation/comparison.h"
#include "framework/evaluation/metric.h"

namespace regard::evaluation {

class RunScores final {
 public:
  // All runs must have the same segments, at least one.
  RunScores(const Metric& metric, const Runs& runs, const ComparisonOptions& options = {});

  [[nodiscard]] std::size_t size() const noexcept { return scores_.size(); }
  [[nodiscard]] double score(std::size_t run) const { return scores_[run]; }

  // Compares two systems by the positions of their runs: system[k] is paired with baseline[k]. Holm's p is not set.
  // DataError if the two do not have as many runs, or none.
  [[nodiscard]] Comparison compare(std::span<const std::size_t> system,
                                   std::span<const std::size_t> baseline) const;

  // Returns sacreBLEU's p-value of two runs (paired_bootstrap in resampling.h); 1 if no resample differs.
  [[nodiscard]] double pair_p_value(std::size_t run, std::size_t other) const;

 private:
  std::vector<double> scores_;
  std::vector<std::vector<double>> resampled_;  // [runs][samples]
  std::vector<std::vector<double>> left_out_;   // [runs][segments]
};

}  // namespace regard::evaluation
