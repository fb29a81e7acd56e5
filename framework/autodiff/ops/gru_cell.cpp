// One GRU step, for decoders whose input depends on their last output.
//   u = W_h h_prev + b_h, x = what enters (cell_inputs.h); then the gates of kernels_recurrent.h
//   dx, du by gru_backward; dx reaches what entered
//   dh_prev = dh z + du W_h   dW_h = du^T h_prev   db_h = the sum of the rows of du
#include "framework/autodiff/cell_inputs.h"
#include "framework/autodiff/ops.h"
#include "framework/autodiff/products.h"
#include "framework/autodiff/require.h"
#include "framework/autodiff/state_mask.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_recurrent.h"

namespace regard {

Var gru_cell(const CellInput& input, Var W_h, Var b_h, Var h_prev, Var h_mask) {
  require_rank("gru_cell", "h", h_prev, 2);
  const Index B = h_prev.shape()[0];
  const Index H = h_prev.shape()[1];
  require_shape("gru_cell", "W_h", W_h, Shape{3 * H, H}, "for h's width");
  require_shape("gru_cell", "b_h", b_h, Shape{3 * H}, "for h's width");
  require_cell_input("gru_cell", input, B, 3 * H);
  Tape& tape = h_prev.tape();
  const Tensor gates = tape.tensor({B, 3 * H});
  const Tensor u = tape.tensor({B, 3 * H});
  const Tensor h = tape.tensor({B, H});
  const StateMask mask("gru_cell", h_mask, B, H);
  const Tensor read = mask.allocate(tape, h_prev.value());
  mask.apply(h_prev.value(), read);
  times_transposed(read, W_h, b_h, u);
  sum_cell_input(input, gates);
  kernels::gru_forward(gates, u, h_prev.value(), gates, h);
  const auto& [fed, also] = input.fed;
  const std::array inputs{input.gates, fed.x, fed.W, also.x, also.W, W_h, b_h, h_prev};
  return tape.record_all("gru_cell", inputs, h, [=](const Tensor& dh) {
    Tape& t = h_prev.tape();
    const Tensor dh_prev = h_prev.needs_grad() ? h_prev.grad() : t.zeros(h.shape());
    kernels::gru_backward(gates, u, h_prev.value(), dh, gates, u, dh_prev);  // in place: both are read once
    give_cell_input(input, gates);
    if (h_prev.needs_grad()) mask.backward(u, W_h, dh_prev, true, mask.scratch(t));
    if (W_h.needs_grad()) t.add_weight_grad(W_h, u, read);
    give_bias(u, b_h);
  });
}

}  // namespace regard
