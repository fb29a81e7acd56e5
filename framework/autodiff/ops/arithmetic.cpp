//   add  y = a + b     da = dy          db = dy
//   sub  y = a - b     da = dy          db = -dy
//   mul  y = a * b     da = dy * b      db = dy * a
//   div  y = a / b     da = dy / b      db = -dy * a / b^2
// Shapes are aligned at the right; an axis of length 1 or a missing axis is repeated. A repeated operand's
// gradient is the sum over its repetitions, in the order of the elements of y.
#include <fmt/format.h>

#include "framework/autodiff/ops.h"
#include "framework/tensor/broadcast.h"

namespace regard {
namespace {

Shape broadcast_shape(std::string_view op, const Var& a, const Var& b) {
  Shape shape;
  if (!broadcast(a.shape(), b.shape(), shape)) {
    throw ShapeError(
        fmt::format("{}: a {} and b {} do not broadcast: aligned at the right, each axis must be equal or one", op,
                    a.shape().text(), b.shape().text()));
  }
  return shape;
}

// dA and dB are generic lambdas (dy, a, b) -> the gradient of one element.
template <class F, class DA, class DB>
Var binary(const char* op, Var a, Var b, F f, DA d_a, DB d_b) {
  Tape& tape = a.tape();
  const Tensor y = tape.tensor(broadcast_shape(op, a, b));
  broadcast_map(y, f, a.value(), b.value());
  return tape.record(op, y,  //
                     Wrt{a,
                         [a, b, d_a](const Tensor& dy) {
                           const auto [da, accumulate] = a.grad_sink();
                           broadcast_reduce(da, accumulate, d_a, dy, a.value(), b.value(), 0);
                         }},
                     Wrt{b, [a, b, d_b](const Tensor& dy) {
                           const auto [db, accumulate] = b.grad_sink();
                           broadcast_reduce(db, accumulate, d_b, dy, a.value(), b.value(), 1);
                         }});
}

}  // namespace

Var add(Var a, Var b) {
  return binary(
      "add", a, b, [](auto x, auto z) { return x + z; }, [](auto g, auto, auto) { return g; },
      [](auto g, auto, auto) { return g; });
}
Var sub(Var a, Var b) {
  return binary(
      "sub", a, b, [](auto x, auto z) { return x - z; }, [](auto g, auto, auto) { return g; },
      [](auto g, auto, auto) { return -g; });
}
Var mul(Var a, Var b) {
  return binary(
      "mul", a, b, [](auto x, auto z) { return x * z; }, [](auto g, auto, auto z) { return g * z; },
      [](auto g, auto x, auto) { return g * x; });
}
Var div(Var a, Var b) {
  return binary(
      "div", a, b, [](auto x, auto z) { return x / z; }, [](auto g, auto, auto z) { return g / z; },
      [](auto g, auto x, auto z) { return -g * x / (z * z); });
}

}  // namespace regard
