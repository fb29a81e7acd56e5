#pragma once
// Compares systems with a baseline on one test set, each trained with several seeds. There are two separate claims:
//
//   these models   the difference of the mean scores of these trained models; bootstrap over sentences
//   the method     the expected difference after training again; method_claim.h; only with two or more seeds
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
  double smallest_p = 0;     // the smallest p that so many resamples allow; an equal p is an upper bound
};

struct Comparison {
  std::vector<double> scores;  // of the system, one for each seed
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

// Compares each of `systems` with `baseline`. All runs must have the same segments. DataError if a system does not have
// as many seeds as the baseline, because runs with equal seeds are compared in pairs.
[[nodiscard]] std::vector<Comparison> compare(const Metric& metric, const Runs& baseline,
                                              std::span<const Runs> systems,
                                              const ComparisonOptions& options = {});

// Returns [segments]: for each segment the score of all others.
[[nodiscard]] std::vector<double> leave_one_out(const Metric& metric, const Statistics& statistics);

// The interval that is left without 1/40 of the values on each side.
struct Interval {
  double low = 0;
  double high = 0;
};
[[nodiscard]] Interval percentile_interval(std::vector<double> values);

// Returns the comparison in words, for example
//   "general beats vanilla by 6.1 BLEU [5.2, 7.0], p = 0.002 (3 seeds, 1000 sentences)"
//   "dot and vanilla are not distinguishable: +0.3 BLEU [-0.4, 1.0], p = 0.31 (3 seeds, 1000 sentences); between 6
//    and 40 seeds would be needed for a difference of 0.5 (alpha 0.05, power 0.8)"
// The verdict uses Holm's p; if it differs from the p that belongs to the interval, both are given. "≤" marks the
// smallest p that the resamples allow. With two seeds, no number of needed seeds is given. With one seed, the sentence
// is about these models. `lower_is_better` is for TER.
[[nodiscard]] std::string in_words(const std::string& system, const std::string& baseline,
                                   const std::string& metric, const Comparison& comparison, Index sentences,
                                   bool lower_is_better = false, double difference_of_interest = 0.5);

}  // namespace regard::evaluation
