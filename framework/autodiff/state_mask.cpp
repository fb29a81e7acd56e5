#include "framework/autodiff/state_mask.h"

#include "framework/autodiff/products.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/kernels.h"

namespace regard {
namespace {

void require_mask(const char* op, Var mask, Index rows, Index width) {
  require_shape(op, "h_mask", mask, Shape{rows, width}, "for the batch and W_h's width");
  check(!mask.needs_grad(), "a mask of states is a constant");
}

}  // namespace

StateMask::StateMask(const char* op, Var mask, const PackedRows& packed, Index width) {
  if (mask.empty()) return;
  require_mask(op, mask, packed.batch(), width);
  mask_ = mask.tape().tensor(mask.shape());
  kernels::gather_rows(mask.value(), packed.order, mask_);
}

StateMask::StateMask(const char* op, Var mask, Index rows, Index width) {
  if (mask.empty()) return;
  require_mask(op, mask, rows, width);
  mask_ = mask.value();
}

Tensor StateMask::allocate(Tape& tape, const Tensor& states) const {
  return mask_.empty() ? states : tape.tensor(states.shape());
}

Tensor StateMask::scratch(Tape& tape) const { return mask_.empty() ? Tensor() : tape.tensor(mask_.shape()); }

void StateMask::apply(const Tensor& states, const Tensor& masked) const {
  if (mask_.empty()) return;
  elementwise(
      masked, false, [](auto h, auto m) { return h * m; }, states, mask_.slice(0, states.rows()));
}

void StateMask::backward(const Tensor& dz, Var W_h, const Tensor& d_states, bool accumulate,
                         const Tensor& scratch) const {
  if (mask_.empty()) {
    times(dz, W_h, d_states, accumulate);
    return;
  }
  const Index rows = d_states.rows();
  times(dz, W_h, scratch.slice(0, rows), false);
  elementwise(
      d_states, accumulate, [](auto d, auto m) { return d * m; }, scratch.slice(0, rows), mask_.slice(0, rows));
}

}  // namespace regard
