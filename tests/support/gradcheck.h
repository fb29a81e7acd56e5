#pragma once
// Numeric against analytic gradients, in double. The scalar is sum(fn(inputs) * R) with a random cotangent R, so
// that an error in one output element cannot be hidden by another. Every input element is checked by central
// differences:
//   |analytic - numeric| <= 1e-6 * max(1, |analytic|, |numeric|)
// and so is, for every input element, that gradients
//   add up           the function applied twice to the same inputs gives twice the gradient;
//   stand alone      an input gets the same gradient where no other input needs one;
//   are complete     the memory of a gradient holds NaN before, so what is not written shows.
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
// "gradcheck softmax: input 0 at [1, 2, 0]: analytic 0.1234, numeric 0.1337 (rel 1.0e-02, allowed 1e-06); seed 7"
// with "applied twice, input 0 …" or "alone, input 0 …" for the other two rules.
std::string gradcheck(const char* name, const std::vector<Shape>& shapes,
                      const std::function<Var(const Vars&)>& fn, const GradcheckOptions& options = {});

// Empty where both functions of the same random inputs have the same value (tensors.h's `differs`).
std::string differ(const std::vector<Shape>& shapes, const std::function<Var(const Vars&)>& fn,
                   const std::function<Var(const Vars&)>& other, double tolerance);

}  // namespace regard::testing
