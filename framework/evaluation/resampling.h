#pragma once
// Significance of differences between systems on one test set, as sacreBLEU 2.6.0 estimates it, from cached
// statistics: confidence by bootstrap (Koehn 2004), paired bootstrap, and paired approximate randomisation
// (Riezler and Maxwell 2005). These are statements about the very systems that made the hypotheses, not about how
// they were trained.
//
// The same seed gives the same numbers for any number of threads. All arithmetic is in double precision, and a mean is
// the exact one, rounded once (Python's statistics.mean). sacreBLEU sums the statistics of a resample in float32, and
// with NumPy 2 it computes chrF and TER from them in float32 too (BLEU in double): there the last digits of an interval
// can differ, and a p-value by one count in a near-tie.
#include <optional>
#include <span>
#include <vector>

#include "framework/evaluation/metric.h"
#include "framework/evaluation/random.h"

namespace regard::evaluation {

// The scores of each system in each resample [systems][samples]. A resample draws as many segments as there are,
// with replacement, the same ones for all systems; draws come from `random`. All systems must have the same
// segments.
[[nodiscard]] std::vector<std::vector<double>> bootstrap_scores(const Metric& metric,
                                                                std::span<const Statistics* const> systems,
                                                                Index samples, NumpyRandom& random);
[[nodiscard]] std::vector<std::vector<double>> bootstrap_scores(const Metric& metric,
                                                                std::span<const Statistics* const> systems,
                                                                Index samples, Seed seed = default_seed);

// sacreBLEU's "mean ± half-width": the half-width is half the distance between the ends of the 95 % that are left
// when a fortieth of the scores is cut off at both sides.
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
  std::optional<double> p_value = {};  // none for the baseline
  bool never_differs = false;          // of the paired bootstrap: the baseline's score in every resample
};

// systems[0] is the baseline. d = |system - baseline| in a resample, delta the same on the whole set:
//   p = (1 + number of resamples with d - mean(d) > delta) / (samples + 1)
// Two systems that are equal in every resample get the smallest p there is (never_differs): that is sacreBLEU's
// formula, not evidence.
[[nodiscard]] std::vector<PairedResult> paired_bootstrap(const Metric& metric,
                                                         std::span<const Statistics* const> systems,
                                                         Index samples = 1000, Seed seed = default_seed);

// In a trial a fair coin decides for each segment whether the two systems trade places; t = |difference| of the
// pseudo systems:   p = (1 + number of trials with t > delta) / (trials + 1) Confidence intervals are made only
// with confidence_samples > 0.
[[nodiscard]] std::vector<PairedResult> paired_randomisation(const Metric& metric,
                                                             std::span<const Statistics* const> systems,
                                                             Index trials = 10000, Seed seed = default_seed,
                                                             Index confidence_samples = 0);

}  // namespace regard::evaluation
