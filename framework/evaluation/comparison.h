#pragma once
// Systems trained with several seeds each, compared with a baseline on one test set. Two claims that are never
// mixed:
//
//   these models the difference of the mean scores of these trained models; a bootstrap over sentences the method
//   the expected result of training again; method_claim.h; only with two or more seeds
//
// sacreBLEU's p-values (resampling.h) are a third claim, about one pair of models.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/evaluation/method_claim.h"
#include "framework/evaluation/metric.h"
#include "framework/evaluation/random.h"

namespace regard::evaluation {

// One system: the statistics of its hypotheses, one for each seed. Seed k of one system is paired with seed k of
// another.
using Runs = std::vector<const Statistics*>;

struct ModelsClaim {
  double difference = 0;     // of the means over the seeds, system - baseline
  double low = 0, high = 0;  // 95 % percentile interval over resampled sentences
  double p_value = 1;        // two-sided: twice the share of resamples on the other side of 0, counting one more
  double smallest_p = 0;     // what p is at least with so many resamples: a p that equals it is a bound
};

struct Comparison {
  std::vector<double> scores;  // of the system, one a seed
  std::vector<double> baseline_scores;
  ModelsClaim models;
  std::optional<MethodClaim> method = {};
  std::optional<double> holm_p_value = {};  // of the method, corrected over all systems compared
  std::optional<Pairing> pairing = {};
};

struct ComparisonOptions {
  Index samples = 1000;
  Seed seed = default_seed;
};

// Compares each of `systems` with `baseline`. All runs have the same segments. Each system must have as many seeds
// as the baseline (else DataError), because runs are compared in pairs, seed by seed.
[[nodiscard]] std::vector<Comparison> compare(const Metric& metric, const Runs& baseline,
                                              std::span<const Runs> systems,
                                              const ComparisonOptions& options = {});

// Returns the score without each segment in turn [segments].
[[nodiscard]] std::vector<double> leave_one_out(const Metric& metric, const Statistics& statistics);

// The percentile interval without 1/40 of the values on each side.
struct Interval {
  double low = 0;
  double high = 0;
};
[[nodiscard]] Interval percentile_interval(std::vector<double> values);

// Returns the comparison in words, for example
//   "general beats vanilla by 6.1 BLEU [5.2, 7.0], p = 0.002 (3 seeds, 1000 sentences)"
//   "dot and vanilla are not distinguishable: +0.3 BLEU [-0.4, 1.0], p = 0.31 (3 seeds, 1000 sentences); between 6
//    and 40 seeds would be needed for a difference of 0.5 (alpha 0.05, power 0.8)"
// Holm's p decides; where it differs from the p that belongs to the interval, both are named. "≤" marks the smallest p
// that the resamples allow. With two seeds no number of seeds is drawn from them. With one seed the sentence is about
// these models. `lower_is_better`: TER.
[[nodiscard]] std::string in_words(const std::string& system, const std::string& baseline,
                                   const std::string& metric, const Comparison& comparison, Index sentences,
                                   bool lower_is_better = false, double difference_of_interest = 0.5);

}  // namespace regard::evaluation
