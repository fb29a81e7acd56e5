#include "framework/evaluation/exact_mean.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "framework/base/errors.h"

namespace regard::evaluation {
namespace {

// An exact sum, stored as doubles that do not overlap, smallest first (Shewchuk 1997, "Adaptive precision
// floating-point arithmetic", section 2.4).
class ExactSum {
 public:
  void add(double value) {
    std::size_t kept = 0;
    for (double part : parts_) {
      if (std::abs(value) < std::abs(part)) std::swap(value, part);
      const double high = value + part;
      const double low = part - (high - value);
      if (low != 0.0) parts_[kept++] = low;
      value = high;
    }
    parts_.resize(kept);
    if (value != 0.0) parts_.push_back(value);
  }

  void add_product(double first, double second) {
    const double high = first * second;
    add(high);
    add(std::fma(first, second, -high));  // the rounding error of the product
  }

  [[nodiscard]] double nearly() const {
    double sum = 0.0;
    for (const double part : parts_) sum += part;
    return sum;
  }

  // Returns -1, 0 or 1. The last part is larger than all others together.
  [[nodiscard]] int sign() const {
    if (parts_.empty()) return 0;
    return parts_.back() > 0.0 ? 1 : -1;
  }

 private:
  std::vector<double> parts_;
};

bool is_odd(double value) noexcept { return (std::bit_cast<std::uint64_t>(value) & 1U) != 0; }

}  // namespace

double exact_mean(std::span<const double> values) {
  check(!values.empty(), "exact_mean: there are values");
  const auto count = static_cast<double>(values.size());
  ExactSum doubled;
  for (const double value : values) doubled.add(2.0 * value);
  // Returns the sign of mean - (one + other) / 2.
  const auto beyond_middle = [&](double one, double other) {
    ExactSum difference = doubled;
    difference.add_product(one, -count);
    difference.add_product(other, -count);
    return difference.sign();
  };
  double mean = 0.5 * doubled.nearly() / count;  // the error is at most a few units in the last place
  for (;;) {
    const double below = std::nextafter(mean, -std::numeric_limits<double>::infinity());
    const double above = std::nextafter(mean, std::numeric_limits<double>::infinity());
    const int up = beyond_middle(mean, above);
    const int down = beyond_middle(below, mean);
    if (up > 0 || (up == 0 && is_odd(mean))) {
      mean = above;
    } else if (down < 0 || (down == 0 && is_odd(mean))) {
      mean = below;
    } else {
      return mean;
    }
  }
}

}  // namespace regard::evaluation
