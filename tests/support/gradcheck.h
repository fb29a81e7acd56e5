#pragma once
// Numeric against analytic gradients, in double. The scalar is sum(fn(inputs) * R) with a random cotangent R, so
// that an error in one output element cannot be hidden by another. Every input element is checked by central
// differences:
//   |analytic - numeric| <= 1e-6 * max(1, |analytic|, |numeric|)
// and gradients are checked to add up: the function applied twice to the same inputs gives twice the gradient.
#include <functional>
#include <string>
#include <vector>

#include "framework/autodiff/tape.h"

namespace regard::testing {

struct GradcheckOptions {
  std::uint64_t seed = 7;
  double low = -2, high = 2;  // range of the inputs; keep away from kinks
  double step = 1e-5;
  double tolerance = 1e-6;
};

using Vars = std::vector<Var>;

// Empty where all gradients agree, else one line:
// "gradcheck softmax: input 0 at [1, 2, 0]: analytic 0.12340, numeric 0.13370 (rel 7.7e-02, allowed 1e-06); seed
// 7"
std::string gradcheck(const char* name, const std::vector<Shape>& shapes,
                      const std::function<Var(const Vars&)>& fn, const GradcheckOptions& options = {});

}  // namespace regard::testing
