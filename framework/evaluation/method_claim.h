#pragma once
// "The method": a claim about training these systems again with other seeds and testing them on other sentences of
// the same kind. A bootstrap over sentences is a claim about the trained models only.
//
// d_s is the difference of two systems trained with seed s (paired: both share data order and common initial
// values), on the same N sentences. With b the part of the sentences that all seeds share and e the part of
// sentence and seed,
//   Var(d̄) = (sigma_seed² + sigma_e²/N) / n + sigma_b²/N
// s_d², the variance of d_s over the seeds, estimates the bracket. The last term is the mean covariance, over
// sentences, of the differences of two different seeds, estimated by the jackknife (leave one sentence out; Efron
// and Tibshirani 1993, ch. 11), cut off below 0:
//   d̄ ± t(nu) * sqrt(s_d²/n + s_sentence²)
// The variance of d̄ over sentences, as a bootstrap of d̄ gives it, would count sigma_e²/(nN) twice: with systems
// whose seeds do not differ, the interval would then cover up to 99 % at a nominal 95 %.
//
// nu: Satterthwaite's (1946) is too large where s_d has few degrees of freedom (with 3 seeds coverage falls to
// 92 %), and the weighted mean of both quantiles of Cochran and Cox (1957) errs to the other side (up to 97.5 %). nu
// is taken where the quantile lies three fifths of the way from the first to the second: in a simulation of 84
// kinds of world with 3 and more seeds, 20,000 times each, the coverage was between 94.6 and 96.6 %. The tests hold a
// smaller simulation.
//
// Two seeds: s_d has one degree of freedom and the quantile is near 12.7, so an interval is wide and of little use. Its
// coverage lies outside the range above: in some of 24 kinds of world as low as 93.2 % and as high as 97.0 %.
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

// differences [n]: d_s. left_out [n][N]: d_s computed without sentence i. At least 2 seeds and 2 sentences.
[[nodiscard]] MethodClaim method_claim(std::span<const double> differences,
                                       std::span<const std::vector<double>> left_out);

// How many seeds a test at level 0.05 would need to see a true difference with probability 0.8, on the same
// sentences. A range, because few seeds tell s_d only roughly: from the ends of its 80 % chi-squared interval. With two
// seeds that interval spans a factor of 13 in s_d, so in_words() gives no number.
struct SeedsNeeded {
  static constexpr Index most = 1000;  // larger numbers are reported as this
  Index low = 0;
  Index high = 0;
  // No number of seeds is enough: the sentences alone leave too much doubt; so many would be needed at least.
  bool more_sentences = false;
  Index sentences = 0;
};
[[nodiscard]] SeedsNeeded seeds_needed(const MethodClaim& claim, double difference);

// Holm's (1979) step-down correction: the p-values, each large enough that all below a level hold together.
[[nodiscard]] std::vector<double> holm(const std::vector<double>& p_values);

// How much the pairing of seeds helped.
struct Pairing {
  // Pearson's, of the two systems' scores over the seeds; 0 where one does not vary, NaN with two seeds (two points
  // always lie on a line).
  double correlation = 0;
  double variance_ratio = 1;  // s_d² over the sum of both variances: below 1 the pairing helped
};
[[nodiscard]] Pairing pairing(std::span<const double> first, std::span<const double> second);

}  // namespace regard::evaluation
