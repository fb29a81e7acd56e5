//   scale       y = c x             dx = c dy
//   add_number  y = x + c           dx = dy
//   tanh        y = tanh x          dx = dy (1 - y^2)
//   sigmoid     y = 1 / (1 + e^-x)  dx = dy y (1 - y)
//   relu        y = max(x, 0)       dx = dy where x > 0; the kink at 0 gives 0
//   exp         y = e^x             dx = dy y
//   log         y = ln x            dx = dy / x
//   sqrt        y = x^(1/2)         dx = dy / (2 y)
#include <cmath>

#include "framework/autodiff/ops.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard {
namespace {

// `derivative(dy, x, y)` gives dx for one element; both are generic lambdas.
template <class F, class D>
Var pointwise(const char* op, Var x, F f, D derivative) {
  Tape& tape = x.tape();
  const Tensor y = tape.tensor(x.shape());
  elementwise(y, false, f, x.value());
  return tape.record(op, y, Wrt{x, [x, y, derivative](const Tensor& dy) {
                                  const auto [dx, accumulate] = x.grad_sink_over(dy);
                                  elementwise(dx, accumulate, derivative, dy, x.value(), y);
                                }});
}

// The same for a forward over spans: `over(n, x, y)`, for float and double.
template <class Over, class D>
Var pointwise_over(const char* op, Var x, Over over, D derivative) {
  Tape& tape = x.tape();
  const Tensor y = tape.tensor(x.shape());
  dispatch(y.type(), [&](auto tag) {
    using T = decltype(tag);
    parallel_for(y.size(), kElementwiseGrain,
                 [&over, from = x.value().data<T>(), to = y.data<T>()](Index begin, Index end) {
                   over(end - begin, from + begin, to + begin);
                 });
  });
  return tape.record(op, y, Wrt{x, [x, y, derivative](const Tensor& dy) {
                                  const auto [dx, accumulate] = x.grad_sink_over(dy);
                                  elementwise(dx, accumulate, derivative, dy, y);
                                }});
}

}  // namespace

Var scale(Var x, double factor) {
  return pointwise(
      "scale", x, [factor](auto v) { return v * static_cast<decltype(v)>(factor); },
      [factor](auto g, auto, auto) { return g * static_cast<decltype(g)>(factor); });
}
Var add_number(Var x, double number) {
  return pointwise(
      "add_number", x, [number](auto v) { return v + static_cast<decltype(v)>(number); },
      [](auto g, auto, auto) { return g; });
}
Var tanh(Var x) {
  return pointwise_over(
      "tanh", x, [](Index n, const auto* from, auto* to) { simd::tanh(n, from, to); },
      [](auto g, auto y) { return g * (1 - y * y); });
}
Var sigmoid(Var x) {
  return pointwise_over(
      "sigmoid", x, [](Index n, const auto* from, auto* to) { simd::sigmoid(n, from, to); },
      [](auto g, auto y) { return g * y * (1 - y); });
}
Var relu(Var x) {
  // Written so that NaN propagates.
  return pointwise(
      "relu", x, [](auto v) { return v < 0 ? decltype(v){0} : v; },
      [](auto g, auto v, auto) { return v > 0 ? g : decltype(g){0}; });
}
Var exp(Var x) {
  return pointwise_over(
      "exp", x, [](Index n, const auto* from, auto* to) { simd::exp(n, from, to); },
      [](auto g, auto y) { return g * y; });
}
Var log(Var x) {
  return pointwise(
      "log", x, [](auto v) { return std::log(v); }, [](auto g, auto v, auto) { return g / v; });
}
Var sqrt(Var x) {
  return pointwise(
      "sqrt", x, [](auto v) { return std::sqrt(v); }, [](auto g, auto, auto y) { return g / (2 * y); });
}

}  // namespace regard
