#pragma once
// Makes, reads and compares small tensors for tests.
#include <string>
#include <vector>

#include "framework/autodiff/tape.h"
#include "framework/base/errors.h"

namespace regard::testing {

[[nodiscard]] std::vector<double> values(const Tensor& x);
[[nodiscard]] inline std::vector<double> values(const Var& x) { return values(x.value()); }

// Returns nothing if every element is within tolerance * max(1, |expected|) of its expected value, otherwise the
// first that is not: "at 3: 1.5 instead of 2". NaN differs from everything.
[[nodiscard]] std::string differs(const Tensor& x, const std::vector<double>& expected, double tolerance = 1e-12);
[[nodiscard]] inline std::string differs(const Var& x, const std::vector<double>& expected,
                                         double tolerance = 1e-12) {
  return differs(x.value(), expected, tolerance);
}

// Values and their gradient outside of a tape, as in a parameter. The gradient starts as NaN, so that an element
// that no op writes is found.
class Leaf {
 public:
  // The values are uniform in [low, high), from the seed, or given.
  Leaf(DType type, Shape shape, std::uint64_t seed, double low = -2, double high = 2);
  Leaf(Shape shape, const std::vector<double>& given, DType type = DType::f64);
  Var on(Tape& tape, bool accumulate = false) const { return tape.leaf(value(), grad(), accumulate); }
  [[nodiscard]] Tensor value() const { return {memory_.data(), type_, shape_}; }
  [[nodiscard]] Tensor grad() const { return {memory_.data() + shape_.size(), type_, shape_}; }

 private:
  DType type_;
  Shape shape_;
  mutable std::vector<double> memory_;  // values, then the gradient; large enough for both types
};

// Returns the text of the error E that f throws, or "nothing was thrown". Errors of other types are not caught.
template <class E, class F>
[[nodiscard]] std::string thrown(F f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was thrown";
}
template <class F>
[[nodiscard]] std::string shape_error(F f) {
  return thrown<ShapeError>(f);
}
// The same for check(), without the place in the source at the begin of the text.
template <class F>
[[nodiscard]] std::string internal_error(F f) {
  const std::string text = thrown<InternalError>(f);
  const auto end_of_place = text.find(": ");
  return text.find(".cpp:") < end_of_place || text.find(".h:") < end_of_place ? text.substr(end_of_place + 2)
                                                                              : text;
}

}  // namespace regard::testing
