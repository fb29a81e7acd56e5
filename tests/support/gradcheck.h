#pragma once
// Compares numeric with analytic gradients, in double. The scalar is sum(fn(inputs) * R) with a random cotangent
// R, so that an error in one output element cannot hide behind another. Every input element is checked by central
// differences:
//   |analytic - numeric| <= 1e-6 * max(1, |analytic|, |numeric|)
// It also checks for every input element that gradients
//   add up           the function applied twice to the same inputs gives twice the gradient;
//   stand alone      an input gets the same gradient if no other input needs one;
//   are complete     the memory of a gradient holds NaN before, so an element that is not written is found.
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

// Returns nothing if all gradients agree, otherwise one line:
// "gradcheck softmax: input 0 at [1, 2, 0]: analytic 0.1234, numeric 0.1337 (rel 1.0e-02, allowed 1e-06); seed 7"
// with "applied twice, input 0 …" or "alone, input 0 …" for the other two rules.
std::string gradcheck(const char* name, const std::vector<Shape>& shapes,
                      const std::function<Var(const Vars&)>& fn, const GradcheckOptions& options = {});

// Returns nothing if both functions have the same value for the same random inputs (`differs` of tensors.h).
std::string differ(const std::vector<Shape>& shapes, const std::function<Var(const Vars&)>& fn,
                   const std::function<Var(const Vars&)>& other, double tolerance);

}  // namespace regard::testing
