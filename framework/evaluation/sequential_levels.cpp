#include "framework/evaluation/sequential_levels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/base/random.h"

namespace regard::evaluation {
namespace {

constexpr Index kSeries = 200'000;

std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }

// The shape of the levels over the looks: x^1.5. An exponent of 0 would be Pocock's.
double weight(double x) { return x * std::sqrt(x); }

}  // namespace

double student_t_upper(double t, Index degrees) {
  check(degrees >= 1, "student_t_upper: at least one degree of freedom");
  const auto nu = static_cast<double>(degrees);
  const double cos_squared = nu / (nu + t * t);
  const double sine = t / std::sqrt(nu + t * t);
  double sum = 0.0;
  if (degrees % 2 == 0) {
    double term = sum = 1.0;
    for (Index k = 2; k <= degrees - 2; k += 2) {
      term *= cos_squared * static_cast<double>(k - 1) / static_cast<double>(k);
      sum += term;
    }
    return 0.5 * (1.0 - sine * sum);
  }
  double term = std::sqrt(cos_squared);
  if (degrees > 1) sum = term;
  for (Index k = 3; k <= degrees - 2; k += 2) {
    term *= cos_squared * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  return 0.5 * (1.0 - 2.0 * std::numbers::inv_pi * (std::atan(t / std::sqrt(nu)) + sine * sum));
}

LookLevels::LookLevels(Index first, Index most) : first_(first), most_(most) {
  check(first >= 2 && most >= first, "LookLevels: at least two seeds, and the last look is not before the first");
  if (first == most) return;  // one look needs no correction
  smallest_.assign(at(most - first + 1), std::vector<float>(at(kSeries)));
  const Key key(0, "looks");
  parallel_for(kSeries, 4096, [&](Index begin, Index end) {
    std::vector<double> differences(at(most));
    for (Index series = begin; series < end; ++series) {
      key.with(series).fill_normal(std::span(differences));
      double sum = 0.0;
      double squares = 0.0;
      double smallest = 1.0;
      for (Index n = 1; n <= most; ++n) {
        const double d = differences[at(n - 1)];
        sum += d;
        squares += d * d;
        if (n < first) continue;
        const auto count = static_cast<double>(n);
        const double variance = (squares - sum * sum / count) / (count - 1.0);
        smallest = std::min(smallest, student_t_upper(sum / std::sqrt(count * variance), n - 1) / weight(count));
        smallest_[at(n - first)][at(series)] = static_cast<float>(smallest);
      }
    }
  });
  for (std::vector<float>& look : smallest_) std::sort(look.begin(), look.end());
}

double LookLevels::at_last(double alpha, double last) const {
  if (first_ == most_) return alpha;
  const double kept = std::clamp(last, static_cast<double>(first_), static_cast<double>(most_));
  const auto below = std::min(static_cast<Index>(kept), most_ - 1);
  const double share = kept - static_cast<double>(below);
  const auto rank = std::min(static_cast<std::size_t>(alpha * static_cast<double>(kSeries)), at(kSeries - 1));
  const auto level = [&](Index seeds) {
    if (seeds == first_) return alpha;
    return static_cast<double>(smallest_[at(seeds - first_)][rank]) * weight(static_cast<double>(seeds));
  };
  return (1.0 - share) * level(below) + share * level(below + 1);
}

double LookLevels::nominal(double alpha, double last, double share) const {
  return std::min(0.5, at_last(alpha, last) * weight(share));
}

double LookLevels::spent(double alpha, double last, double now) const {
  if (first_ == most_) return alpha;
  const double kept = std::clamp(last, static_cast<double>(first_), static_cast<double>(most_));
  const auto bound = static_cast<float>(at_last(alpha, last) / weight(kept));
  const auto look = std::clamp(static_cast<Index>(now), first_, most_);
  const std::vector<float>& smallest = smallest_[at(look - first_)];
  const auto below = std::upper_bound(smallest.begin(), smallest.end(), bound) - smallest.begin();
  return std::min(alpha, static_cast<double>(below) / static_cast<double>(kSeries));
}

}  // namespace regard::evaluation
