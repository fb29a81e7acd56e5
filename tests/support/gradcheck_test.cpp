#include "tests/support/gradcheck.h"

#include "framework/autodiff/ops.h"
#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"

// Tests the gradient check itself: for each rule an op that breaks only this rule.
namespace regard {
namespace {

using testing::gradcheck;
using testing::Vars;

Tensor doubled(Var x) {
  const Tensor y = x.tape().tensor(x.shape());
  kernels::scale(x.value(), 2, y, false);
  return y;
}

// y = 2 x with a gradient that is 1 % too large.
Var one_percent_off(Var x) {
  return x.tape().record("one_percent_off", doubled(x), Wrt{x, [x](const Tensor& dy) {
                                                              const auto [dx, accumulate] = x.grad_sink();
                                                              kernels::scale(dy, 2.02, dx, accumulate);
                                                            }});
}

// y = 2 x with the right gradient, which overwrites the earlier one.
Var overwriting(Var x) {
  return x.tape().record("overwriting", doubled(x),
                         Wrt{x, [x](const Tensor& dy) { kernels::scale(dy, 2, x.grad_sink().grad, false); }});
}

// y = 2 x with the right gradient, but only of the first element.
Var incomplete(Var x) {
  return x.tape().record("incomplete", doubled(x), Wrt{x, [x](const Tensor& dy) {
                                                         const auto [dx, accumulate] = x.grad_sink();
                                                         dx.set(0, (accumulate ? dx.at(0) : 0) + 2 * dy.at(0));
                                                       }});
}

// y = a + b, whose gradients are right only if both are needed.
Var together(Var a, Var b) {
  const Tensor y = a.tape().tensor(a.shape());
  kernels::copy(a.value(), y);
  kernels::accumulate(b.value(), y);
  return a.tape().record("together", {a, b}, y, [a, b](const Tensor& dy) {
    if (!a.needs_grad() || !b.needs_grad()) return;
    kernels::accumulate(dy, a.grad());
    kernels::accumulate(dy, b.grad());
  });
}

// y = 2 x with no gradient at all.
Var cut_off(Var x) { return x.tape().input(doubled(x)); }

}  // namespace

TEST_CASE("gradcheck: a right gradient passes") {
  CHECK(gradcheck("scale", {{2, 3}}, [](const Vars& in) { return scale(in[0], 2); }) == "");
}

TEST_CASE("gradcheck: a gradient that is one percent off is reported") {
  CHECK(gradcheck("one_percent_off", {{2, 3}}, [](const Vars& in) { return one_percent_off(in[0]); }) ==
        "gradcheck one_percent_off: input 0 at [0, 0]: analytic -0.632443, numeric -0.626182 (rel 6.3e-03, "
        "allowed 1e-06); seed 7");
}

TEST_CASE("gradcheck: an error in one of several inputs is located") {
  CHECK(gradcheck("second", {{2}, {1, 1, 2}}, [](const Vars& in) { return add(in[0], one_percent_off(in[1])); }) ==
        "gradcheck second: input 1 at [0, 0, 0]: analytic -0.632443, "
        "numeric -0.626182 (rel 6.3e-03, allowed 1e-06); seed 7");
}

TEST_CASE("gradcheck: a gradient that overwrites instead of adding is reported") {
  CHECK(gradcheck("overwriting", {{2, 3}}, [](const Vars& in) { return overwriting(in[0]); }) ==
        "gradcheck overwriting: applied twice, input 0 at [0, 0]: analytic -0.626182, numeric -1.25236 (rel "
        "5.0e-01, allowed 1e-06); seed 7");
}

TEST_CASE("gradcheck: a gradient that is not written everywhere is reported") {
  CHECK(gradcheck("incomplete", {{2}}, [](const Vars& in) { return incomplete(in[0]); }) ==
        "gradcheck incomplete: input 0 at [1]: analytic nan, numeric -1.81364 (rel nan, allowed 1e-06); seed 7");
}

TEST_CASE("gradcheck: a gradient that depends on another input's is reported") {
  CHECK(gradcheck("together", {{2}, {2}}, [](const Vars& in) { return together(in[0], in[1]); }) ==
        "gradcheck together: alone, input 0 at [0]: analytic 0, "
        "numeric -0.313091 (rel 3.1e-01, allowed 1e-06); seed 7");
}

TEST_CASE("gradcheck: a missing gradient is reported") {
  CHECK(gradcheck("cut_off", {{2}}, [](const Vars& in) { return cut_off(in[0]); }) ==
        "gradcheck cut_off: input 0 at [0]: analytic 0, numeric -0.626182 (rel 6.3e-01, allowed 1e-06); seed 7");
}

TEST_CASE("differ: two functions with different values are told apart") {
  const auto twice = [](const Vars& in) { return scale(in[0], 2); };
  CHECK(testing::differ(
            {{3}}, twice, [](const Vars& in) { return add(in[0], in[0]); }, 1e-14) == "");
  CHECK(testing::differ(
            {{3}}, twice, [](const Vars& in) { return scale(in[0], 2.001); }, 1e-14) != "");
}

}  // namespace regard
