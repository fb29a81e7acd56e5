#include "framework/evaluation/run_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/evaluation/resampling.h"

namespace regard::evaluation {
namespace {

using Positions = std::span<const std::size_t>;

double mean(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

// Returns the mean of these rows, for each column.
std::vector<double> mean_of(const std::vector<std::vector<double>>& rows, Positions which) {
  std::vector<double> out(rows[which[0]].size(), 0.0);
  for (const std::size_t row : which) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += rows[row][i];
  }
  for (double& value : out) value /= static_cast<double>(which.size());
  return out;
}

ModelsClaim models_claim(double difference, std::vector<double> resampled) {
  ModelsClaim claim;
  claim.difference = difference;
  const auto below = std::count_if(resampled.begin(), resampled.end(), [](double d) { return d <= 0.0; });
  const auto above = std::count_if(resampled.begin(), resampled.end(), [](double d) { return d >= 0.0; });
  claim.smallest_p = 2.0 / static_cast<double>(resampled.size() + 1);
  claim.p_value = std::min(1.0, claim.smallest_p * static_cast<double>(std::min(below, above) + 1));
  const Interval interval = percentile_interval(std::move(resampled));
  claim.low = interval.low;
  claim.high = interval.high;
  return claim;
}

}  // namespace

RunScores::RunScores(const Metric& metric, const Runs& runs, const ComparisonOptions& options) {
  if (runs.empty()) return;
  resampled_ = bootstrap_scores(metric, runs, options.samples, options.seed);
  for (const Statistics* run : runs) {
    scores_.push_back(metric.score(run->sum()));
    left_out_.push_back(leave_one_out(metric, *run));
  }
}

Comparison RunScores::compare(Positions system, Positions baseline) const {
  if (baseline.empty()) throw DataError("comparison: the baseline has no finished seed; at least one is needed");
  if (system.size() != baseline.size()) {
    throw DataError(
        fmt::format("comparison: a system has {} seeds, but the baseline has {}; give both the same seeds",
                    system.size(), baseline.size()));
  }
  const std::size_t seeds = system.size();
  Comparison c;
  for (std::size_t s = 0; s < seeds; ++s) {
    c.scores.push_back(scores_[system[s]]);
    c.baseline_scores.push_back(scores_[baseline[s]]);
  }
  std::vector<double> moved = mean_of(resampled_, system);
  const std::vector<double> of_baseline = mean_of(resampled_, baseline);
  for (std::size_t i = 0; i < moved.size(); ++i) moved[i] -= of_baseline[i];
  c.models = models_claim(mean(c.scores) - mean(c.baseline_scores), std::move(moved));
  if (seeds < 2 || left_out_[baseline[0]].size() < 2) return c;
  std::vector<double> differences(seeds);
  std::vector<std::vector<double>> without(seeds);
  for (std::size_t s = 0; s < seeds; ++s) {
    differences[s] = c.scores[s] - c.baseline_scores[s];
    without[s] = left_out_[system[s]];
    const std::vector<double>& theirs = left_out_[baseline[s]];
    for (std::size_t i = 0; i < without[s].size(); ++i) without[s][i] -= theirs[i];
  }
  c.method = method_claim(differences, without);
  c.pairing = pairing(c.scores, c.baseline_scores);
  return c;
}

double RunScores::pair_p_value(std::size_t run, std::size_t other) const {
  const PairedP found = paired_p_value(resampled_[run], resampled_[other], scores_[run] - scores_[other]);
  return found.never_differs ? 1.0 : found.p_value;
}

}  // namespace regard::evaluation
