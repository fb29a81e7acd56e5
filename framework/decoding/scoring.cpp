#include "framework/decoding/scoring.h"

#include <algorithm>
#include <cmath>

namespace regard::decoding {

double Scorer::score(double log_probability, Index length) const {
  const auto words = static_cast<double>(length);
  return log_probability / std::pow(norm_ == LengthNorm::gnmt ? (5 + words) / 6 : words, alpha_);
}

double Scorer::coverage(std::span<const double> covered) const {
  constexpr double kLeast = 1e-8;
  double sum = 0;
  for (const double weight : covered) sum += std::log(std::clamp(weight, kLeast, 1.0));
  return beta_ * sum;
}

}  // namespace regard::decoding
