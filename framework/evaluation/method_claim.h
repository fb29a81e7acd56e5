#pragma once
// "The method": a claim about training these systems again with other seeds and testing them on other sentences of the
// same kind. (A bootstrap over sentences is only a claim about the trained models.)
//
// d_s is the difference of two systems trained with seed s (paired: both share data order and common initial
// values), on the same N sentences. b is the effect of a sentence that all seeds share, e the effect of a sentence with
// one seed:
//   Var(d̄) = (sigma_seed² + sigma_e²/N) / n + sigma_b²/N
// s_d², the variance of d_s over the seeds, estimates the term in brackets. s_sentence² estimates the last term: it is
// the mean covariance, over sentences, of the differences of two seeds, from the jackknife (leave one sentence out;
// Efron and Tibshirani 1993, ch. 11), and at least 0:
//   d̄ ± t(nu) * sqrt(s_d²/n + s_sentence²)
// The variance of d̄ over sentences from a bootstrap of d̄ would count sigma_e²/(nN) twice: for systems whose seeds do
// not differ, the interval would then cover up to 99 % instead of the nominal 95 %.
//
// nu: Satterthwaite's (1946) is too large if s_d has few degrees of freedom (with 3 seeds coverage falls to 92 %), and
// the weighted mean of both quantiles of Cochran and Cox (1957) covers too much (up to 97.5 %). We choose nu so that
// the quantile is three fifths of the way from the first to the second. In a simulation of 84 settings with 3 and more
// seeds, 20,000 times each, the coverage was between 94.6 and 96.6 %. The tests contain a smaller simulation.
//
// Two seeds: s_d has one degree of freedom and the quantile is near 12.7, so an interval is wide and of little use. Its
// coverage is outside the range above: between 93.2 % and 97.0 % in 24 settings.
#include <span>
#include <vector>

#include "framework/base/base.h"

namespace regard::evaluation {

struct MethodClaim {
  double difference = 0;          // d̄
  double low = 0, high = 0;       // 95 %
  double p_value = 1;             // two-sided, of d = 0, from the same t
  double seed_deviation = 0;      // s_d
  double sentence_deviation = 0;  // s_sentence
  double degrees = 0;             // nu
  Index seeds = 0;
  Index sentences = 0;
};

// Computes the claim. differences [n]: d_s. left_out [n][N]: d_s computed without sentence i. Needs at least 2 seeds
// and 2 sentences.
[[nodiscard]] MethodClaim method_claim(std::span<const double> differences,
                                       std::span<const std::vector<double>> left_out);

// The number of seeds that a two-sided test at level alpha would need to detect a true difference with probability
// `power`, on the same sentences. It is a range, from the ends of the 80 % chi-squared interval of s_d, because few seeds give s_d only
// roughly. With two seeds the ends differ by a factor of 13, so in_words() gives no number.
struct SeedsNeeded {
  static constexpr Index most = 1000;  // larger numbers are reported as this
  Index low = 0;
  Index high = 0;
  // No number of seeds is enough, because there are too few sentences; at least `sentences` would be needed.
  bool more_sentences = false;
  Index sentences = 0;
};
[[nodiscard]] SeedsNeeded seeds_needed(const MethodClaim& claim, double difference, double alpha = 0.05,
                                       double power = 0.8);

// Returns p-values with Holm's (1979) step-down correction for several tests.
[[nodiscard]] std::vector<double> holm(const std::vector<double>& p_values);

// The effect of pairing runs with equal seeds.
struct Pairing {
  // Pearson's correlation of the two systems' scores over the seeds; 0 if one does not vary, NaN with two seeds (two
  // points are always on a line).
  double correlation = 0;
  double variance_ratio = 1;  // s_d² over the sum of both variances; below 1: pairing reduced the variance
};
[[nodiscard]] Pairing pairing(std::span<const double> first, std::span<const double> second);

}  // namespace regard::evaluation
