#include "tests/support/tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/random.h"

namespace regard::testing {

std::vector<double> values(const Tensor& x) {
  std::vector<double> all;
  for (Index i = 0; i < x.size(); ++i) all.push_back(x.at(i));
  return all;
}

std::string differs(const Tensor& x, const std::vector<double>& expected, double tolerance) {
  if (x.size() != static_cast<Index>(expected.size())) {
    return fmt::format("{} elements instead of {}", x.size(), expected.size());
  }
  for (Index i = 0; i < x.size(); ++i) {
    const double wanted = expected[static_cast<std::size_t>(i)];
    if (x.at(i) == wanted || std::abs(x.at(i) - wanted) <= tolerance * std::max(1.0, std::abs(wanted))) continue;
    return fmt::format("at {}: {} instead of {}", i, x.at(i), wanted);
  }
  return {};
}

Leaf::Leaf(DType type, Shape shape, std::uint64_t seed, double low, double high)
    : type_(type), shape_(shape), memory_(static_cast<std::size_t>(2 * shape.size())) {
  const Key key(seed, "leaf");
  for (Index i = 0; i < shape.size(); ++i) {
    value().set(i, low + (high - low) * key.uniform(i));
    grad().set(i, std::numeric_limits<double>::quiet_NaN());
  }
}

Leaf::Leaf(Shape shape, const std::vector<double>& given, DType type) : Leaf(type, shape, 0) {
  check(shape.size() == static_cast<Index>(given.size()), "a leaf needs as many values as its shape has elements");
  for (Index i = 0; i < shape.size(); ++i) value().set(i, given[static_cast<std::size_t>(i)]);
}

}  // namespace regard::testing
