#pragma once
// What a tuning would have found with fewer trials (Dodge et al. 2019, "Show Your Work", equation 8 of the expected
// maximum): with n trials drawn from those that were made, the best one has an expected value. A system that was tried
// more often than another looks better by that alone; the curves show by how much.
#include <optional>
#include <string>
#include <vector>

#include "framework/evaluation/comparison.h"
#include "framework/runs/results.h"

namespace regard::report {

// Returns the expected best of `n` draws, with replacement, from these values; the largest is the best. NaN for no value.
[[nodiscard]] double expected_best(const std::vector<double>& values, Index n);

struct ExpectedBest {
  Index trials = 0;
  double value = 0;  // loss or BLEU
  double low = 0;    // 95 % interval: 1000 resamples of the trials
  double high = 0;
};

struct TuningCurve {
  std::string system;
  std::vector<ExpectedBest> points;  // for 1, 2, … trials, as many as were made
  Index ended = 0;                   // trials that halving ended early; they count with what they had reached
  Index failed = 0;                  // diverged trials; they count as the worst of those that did not
};

// Returns a curve for each system, in the order of the tuning. A system of which no trial finished has no points.
[[nodiscard]] std::vector<TuningCurve> tuning_curves(const runs::Tuning& tuning);

}  // namespace regard::report
