// A GRU over whole sequences (Cho et al. 2014, in PyTorch's form: the reset gate after the recurrent product, two
// biases), laid out as an LSTM: one product for all input projections, one a step for the recurrence, one a weight
// gradient over all steps, no work on padding; rows are packed (packed_rows.h).
//   x_t' = W_x x_t + b_x     u_t = W_h h_{t-1} + b_h                     (gates: kernels_recurrent.h)
//   dh_{t-1} = dh_t z + du_t W_h     dx = dx' W_x     dW_x = dx'^T x     dW_h = du^T h_prev
//   db_x, db_h = the sums of the rows of dx' and du
#include "framework/autodiff/packed_rows.h"
#include "framework/autodiff/products.h"
#include "framework/autodiff/require.h"
#include "framework/autodiff/state_mask.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_recurrent.h"

namespace regard {
namespace {

struct Saved {
  PackedRows packed;
  Tensor x;      // [rows, E] packed input
  Tensor gates;  // [rows, 3H] activated
  Tensor u;      // [rows, 3H]
  Tensor h;      // [B + rows, H] states
  Tensor read;   // the states as the recurrent product reads them: h, or masked
  StateMask mask;
};

void backward(const Saved& s, Var x, const GruWeights& W, Var h_0, const std::array<Var, 2>& out) {
  Tape& tape = x.tape();
  const PackedRows& packed = s.packed;
  for (const Var& var : {x, W.W_x, W.W_h, W.b_x, W.b_h, h_0, out[0], out[1]}) var.reserve_grad();
  const Tape::Scratch scratch(tape);
  const Tensor dh = tape.tensor(s.h.shape());
  kernels::fill_zero(dh.slice(0, packed.batch()));
  kernels::gather_rows(out[0].grad(), packed.position, packed.of_steps(dh));
  kernels::scatter_add_rows(out[1].grad(), packed.last, packed.of_steps(dh));
  const Tensor& dx_gates = s.gates;  // these overwrite values that are not read again
  const Tensor& du = s.u;
  const bool h_0_needs = h_0.needs_grad();
  const Tensor masked = s.mask.scratch(tape);
  for (Index t = packed.steps(); t-- > 0;) {
    const auto step = packed.step(t);
    const Tensor gates = s.gates.slice(step.begin, step.count);
    const Tensor u = s.u.slice(step.begin, step.count);
    const Tensor dh_prev = packed.before(dh, step);
    kernels::gru_backward(gates, u, packed.before(s.h, step), packed.now(dh, step), gates, u, dh_prev);
    if (t > 0 || h_0_needs) s.mask.backward(u, W.W_h, dh_prev, true, masked);
  }
  packed.give_first_state(dh, h_0);
  give_weight(dx_gates, s.x, W.W_x);
  if (W.W_h.needs_grad()) {
    const Tensor h_prev = tape.tensor({packed.rows, s.h.cols()});
    kernels::gather_rows(s.read, packed.previous, h_prev);
    give_weight(du, h_prev, W.W_h);
  }
  give_bias(dx_gates, W.b_x);
  give_bias(du, W.b_h);
  if (x.needs_grad()) {
    const Tensor dx = tape.tensor(s.x.shape());
    times(dx_gates, W.W_x, dx, false);
    packed.give_positions(dx, x);
  }
}

}  // namespace

std::array<Var, 2> gru(Var x, std::span<const Index> lengths, const GruWeights& W, Var h_0, Direction direction,
                       Var h_mask) {
  require_rank("gru", "x", x, 3);
  require_rank("gru", "W_h", W.W_h, 2);
  const Index B = x.shape()[0];
  const Index T = x.shape()[1];
  const Index E = x.shape()[2];
  const Index H = W.W_h.shape()[1];
  require_lengths("gru", lengths, B, T);
  require_shape("gru", "W_h", W.W_h, Shape{3 * H, H}, "for its width");
  require_shape("gru", "W_x", W.W_x, Shape{3 * H, E}, "for x's and W_h's width");
  require_shape("gru", "b_x", W.b_x, Shape{3 * H}, "for W_h's width");
  require_shape("gru", "b_h", W.b_h, Shape{3 * H}, "for W_h's width");
  if (!h_0.empty()) require_shape("gru", "h_0", h_0, Shape{B, H}, "for x's batch and W_h's width");

  Tape& tape = x.tape();
  Saved s;
  s.packed = pack_rows(tape, lengths, T, direction);
  const PackedRows& packed = s.packed;
  s.x = tape.tensor({packed.rows, E});
  s.gates = tape.tensor({packed.rows, 3 * H});
  s.u = tape.tensor({packed.rows, 3 * H});
  s.h = tape.tensor({B + packed.rows, H});
  kernels::gather_rows(x.value().matrix(), packed.position, s.x);
  times_transposed(s.x, W.W_x, W.b_x, s.gates);
  packed.first_state(h_0, s.h.slice(0, B));
  s.mask = StateMask("gru", h_mask, packed, H);
  s.read = s.mask.allocate(tape, s.h);
  s.mask.apply(s.h.slice(0, B), s.read.slice(0, B));
  for (Index t = 0; t < packed.steps(); ++t) {
    const auto step = packed.step(t);
    const Tensor gates = s.gates.slice(step.begin, step.count);
    const Tensor u = s.u.slice(step.begin, step.count);
    if (t > 0 || !h_0.empty()) {
      times_transposed(packed.before(s.read, step), W.W_h, W.b_h, u);
    } else {
      kernels::fill_rows(W.b_h.value(), u);
    }
    kernels::gru_forward(gates, u, packed.before(s.h, step), gates, packed.now(s.h, step));
    s.mask.apply(packed.now(s.h, step), packed.now(s.read, step));
  }

  const Tensor h = tape.tensor({B, T, H});
  const Tensor h_n = tape.tensor({B, H});
  kernels::gather_rows(packed.of_steps(s.h), packed.row_of, h.matrix());
  kernels::gather_rows(packed.of_steps(s.h), packed.last, h_n);
  return tape.record_many("gru", {x, W.W_x, W.W_h, W.b_x, W.b_h, h_0}, std::array{h, h_n},
                          [=](const std::array<Var, 2>& out) { backward(s, x, W, h_0, out); });
}

}  // namespace regard
