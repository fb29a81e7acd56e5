#pragma once
// Estimates the significance of differences between systems on one test set as sacreBLEU 2.6.0 does, from cached
// statistics: confidence by bootstrap (Koehn 2004), paired bootstrap, and paired approximate randomisation (Riezler and
// Maxwell 2005). These are claims about the models that wrote the hypotheses, not about the training method.
//
// The same seed gives the same numbers for any number of threads. All arithmetic is in double precision; a mean is
// exact and rounded once (Python's statistics.mean). sacreBLEU sums the statistics of a resample in float32, and with
// NumPy 2 it also computes chrF and TER from them in float32 (BLEU in double). So the last digits of an interval can
// differ, and a p-value can differ by one count in a near-tie.
#include <optional>
#include <span>
#include <vector>

#include "framework/evaluation/metric.h"
#include "framework/evaluation/random.h"

namespace regard::evaluation {

// Returns the scores of each system in each resample [systems][samples]. A resample draws as many segments as there are
// from `random`, with replacement; the same segments for all systems. All systems must have the same segments.
[[nodiscard]] std::vector<std::vector<double>> bootstrap_scores(const Metric& metric,
                                                                std::span<const Statistics* const> systems,
                                                                Index samples, NumpyRandom& random);
[[nodiscard]] std::vector<std::vector<double>> bootstrap_scores(const Metric& metric,
                                                                std::span<const Statistics* const> systems,
                                                                Index samples, Seed seed = default_seed);

// sacreBLEU's "mean ± half-width": half the width of the interval that is left when 1/40 of the scores is removed on
// each side (95 %).
struct Confidence {
  double mean = 0;
  double half_width = 0;
};
[[nodiscard]] Confidence confidence_of(std::vector<double> scores);
[[nodiscard]] Confidence bootstrap_confidence(const Metric& metric, const Statistics& system, Index samples = 1000,
                                              Seed seed = default_seed);

struct PairedResult {
  double score = 0;
  std::optional<Confidence> confidence = {};
  std::optional<double> p_value = {};  // no value for the baseline
  bool never_differs = false;          // paired bootstrap: has the baseline's score in every resample
};

// The p-value of paired_bootstrap from scores in the same resamples; `difference` is that on the whole set.
struct PairedP {
  double p_value = 1;
  bool never_differs = false;
};
[[nodiscard]] PairedP paired_p_value(std::span<const double> system, std::span<const double> baseline,
                                     double difference);

// systems[0] is the baseline. With d = |system - baseline| in a resample and delta = the same on the whole set:
//   p = (1 + number of resamples with d - mean(d) > delta) / (samples + 1)
// Two systems that are equal in every resample get the smallest possible p (never_differs). This results from
// sacreBLEU's formula and is not evidence.
[[nodiscard]] std::vector<PairedResult> paired_bootstrap(const Metric& metric,
                                                         std::span<const Statistics* const> systems,
                                                         Index samples = 1000, Seed seed = default_seed);

// In a trial, a fair coin decides for each segment whether the two systems are exchanged. With t = |difference| of the
// resulting pseudo systems:
//   p = (1 + number of trials with t > delta) / (trials + 1)
// Computes confidence intervals only if confidence_samples > 0.
[[nodiscard]] std::vector<PairedResult> paired_randomisation(const Metric& metric,
                                                             std::span<const Statistics* const> systems,
                                                             Index trials = 10000, Seed seed = default_seed,
                                                             Index confidence_samples = 0);

}  // namespace regard::evaluation
