// One LSTM step, for decoders whose input depends on their last output.
//   z = what enters (cell_inputs.h) + W_h h_prev; then the gates of kernels_recurrent.h
//   dz by lstm_backward, which reaches what entered;  dh_prev = dz W_h   dW_h = dz^T h_prev   dc_prev = dc f
#include "framework/autodiff/cell_inputs.h"
#include "framework/autodiff/ops.h"
#include "framework/autodiff/products.h"
#include "framework/autodiff/require.h"
#include "framework/autodiff/state_mask.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_recurrent.h"

namespace regard {

std::array<Var, 2> lstm_cell(const CellInput& input, Var W_h, Var h_prev, Var c_prev, Var h_mask) {
  require_rank("lstm_cell", "h", h_prev, 2);
  const Index B = h_prev.shape()[0];
  const Index H = h_prev.shape()[1];
  require_same_shape("lstm_cell", "h", h_prev, "c", c_prev);
  require_shape("lstm_cell", "W_h", W_h, Shape{4 * H, H}, "for h's width");
  require_cell_input("lstm_cell", input, B, 4 * H);
  Tape& tape = h_prev.tape();
  const Tensor z = tape.tensor({B, 4 * H});
  const Tensor h = tape.tensor({B, H});
  const Tensor c = tape.tensor({B, H});
  const StateMask mask("lstm_cell", h_mask, B, H);
  const Tensor read = mask.allocate(tape, h_prev.value());
  mask.apply(h_prev.value(), read);
  sum_cell_input(input, z);
  times_transposed(read, W_h, z, true);
  kernels::lstm_forward(z, c_prev.value(), c, h);
  const auto& [fed, also] = input.fed;
  return tape.record_many("lstm_cell", {input.gates, fed.x, fed.W, also.x, also.W, W_h, h_prev, c_prev},
                          std::array{h, c}, [=](const std::array<Var, 2>& out) {
                            Tape& t = h_prev.tape();
                            const Tensor& dz = z;  // overwrites the gates, which nobody reads again
                            const GradSink to_c = c_prev.needs_grad() ? c_prev.grad_sink() : GradSink{};
                            const Tensor dc_prev = to_c.accumulate ? t.tensor(c.shape()) : to_c.grad;
                            kernels::lstm_backward(z, c_prev.value(), c, out[0].grad(), out[1].grad(), dz,
                                                   dc_prev);
                            give_cell_input(input, dz);
                            if (c_prev.needs_grad() && to_c.accumulate) kernels::accumulate(dc_prev, to_c.grad);
                            if (h_prev.needs_grad()) {
                              const auto [dh, accumulate] = h_prev.grad_sink();
                              mask.backward(dz, W_h, dh, accumulate, mask.scratch(t));
                            }
                            if (W_h.needs_grad()) t.add_weight_grad(W_h, dz, read);
                          });
}

}  // namespace regard
