#pragma once
// What finished translations of different lengths are ranked by (Wu et al. 2016, equation 14):
//   score(y) = log p(y | x) / norm(|y|) + beta * sum_i log(min(sum_t a_ti, 1))
// |y| counts </s>; i goes over the source's words without </s>, a_ti is the weight of word i in step t.
#include <span>

#include "framework/decoding/options.h"

namespace regard::decoding {

class Scorer final {
 public:
  explicit Scorer(const SearchOptions& options)
      : norm_(options.length_norm), alpha_(options.length_penalty), beta_(options.coverage_penalty) {}

  // The first term. For one log p it does not fall as the length grows, as alpha >= 0 and log p <= 0: what a
  // hypothesis can become is at most score(log p, the length limit), since the second term is never above 0.
  [[nodiscard]] double score(double log_probability, Index length) const;

  // Whether there is a second term at all.
  [[nodiscard]] bool covers() const noexcept { return beta_ > 0; }
  // The second term: `covered` holds sum_t a_ti for each source word. A word that was not looked at counts as one
  // of weight 1e-8.
  [[nodiscard]] double coverage(std::span<const double> covered) const;

 private:
  LengthNorm norm_;
  double alpha_;
  double beta_;
};

}  // namespace regard::decoding
