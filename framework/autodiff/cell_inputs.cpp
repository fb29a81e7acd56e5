#include "framework/autodiff/cell_inputs.h"

#include <fmt/format.h>

#include "framework/autodiff/products.h"
#include "framework/autodiff/rectangle.h"
#include "framework/autodiff/require.h"
#include "framework/base/errors.h"

namespace regard {
namespace {

// Returns the step's rows within the gates of all T steps; for gates [rows, width], all of them.
Rectangle place(const CellInput& input, Index width) {
  const Shape shape = input.gates.shape();
  return shape.rank() == 2 ? Rectangle{width, 0} : Rectangle{shape[1] * width, input.t * width};
}

}  // namespace

void require_cell_input(const char* op, const CellInput& input, Index rows, Index width) {
  const Shape shape = input.gates.shape();
  if (shape.rank() == 3) {
    require_shape(op, "x_gates", input.gates, Shape{rows, shape[1], width}, "for h's batch and width");
  } else {
    require_shape(op, "x_gates", input.gates, Shape{rows, width}, "for h's batch and width");
  }
  const Index T = shape.rank() == 3 ? shape[1] : 1;
  if (input.t < 0 || input.t >= T) {
    throw ShapeError(fmt::format("{}: step {} of x_gates {} is none of its {}", op, input.t, shape.text(), T));
  }
  for (const auto& [x, W] : input.fed) {
    if (x.empty()) continue;
    require_rank(op, "a fed x", x, 2);
    require_shape(op, "a fed x", x, Shape{rows, x.shape()[1]}, "for h's batch");
    require_shape(op, "the W of a fed x", W, Shape{width, x.shape()[1]}, "for h's and x's width");
  }
}

void sum_cell_input(const CellInput& input, const Tensor& z) {
  const Index width = z.cols();
  copy_rectangle(input.gates.value(), place(input, width), z, {width, 0}, z.rows(), width, false);
  for (const auto& [x, W] : input.fed) {
    if (!x.empty()) times_transposed(x.value(), W, z, true);
  }
}

void give_cell_input(const CellInput& input, const Tensor& dz) {
  const Index width = dz.cols();
  if (input.gates.needs_grad()) {
    // The gradients of other steps do not change: zero if they have no value yet.
    const bool whole = input.gates.value().size() == dz.size();
    const GradSink to = whole ? input.gates.grad_sink() : GradSink{input.gates.grad(), true};
    copy_rectangle(dz, {width, 0}, to.grad, place(input, width), dz.rows(), width, to.accumulate);
  }
  for (const auto& [x, W] : input.fed) {
    if (x.needs_grad()) {
      const auto [dx, accumulate] = x.grad_sink();
      times(dz, W, dx, accumulate);
    }
    if (W.needs_grad()) W.tape().add_weight_grad(W, dz, x.value());
  }
}

}  // namespace regard
