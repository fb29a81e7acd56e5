#pragma once
// The score that ranks finished translations of different lengths (Wu et al. 2016, equation 14):
//   score(y) = log p(y | x) / norm(|y|) + beta * sum_i log(min(sum_t a_ti, 1))
// |y| counts </s>; i goes over the source's words without </s>, a_ti is the weight of word i in step t.
#include <span>

#include "framework/decoding/options.h"

namespace regard::decoding {

class Scorer final {
 public:
  explicit Scorer(const SearchOptions& options)
      : norm_(options.length_norm), alpha_(options.length_penalty), beta_(options.coverage_penalty) {}

  // Returns the first term. For a fixed log p it does not fall as the length grows, because alpha >= 0 and log p
  // <= 0. So no continuation of a hypothesis scores above score(log p, the length limit), since the second term is
  // never above 0.
  [[nodiscard]] double score(double log_probability, Index length) const;

  // Returns whether the second term is used.
  [[nodiscard]] bool covers() const noexcept { return beta_ > 0; }
  // Returns the second term. `covered` has sum_t a_ti for each source word; a word without weight counts as 1e-8.
  [[nodiscard]] double coverage(std::span<const double> covered) const;

 private:
  LengthNorm norm_;
  double alpha_;
  double beta_;
};

}  // namespace regard::decoding
