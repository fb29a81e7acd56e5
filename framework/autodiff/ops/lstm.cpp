// An LSTM over whole sequences: one product for all input projections, one product a step for the recurrence, one
// product a weight gradient over all steps, and no work on padding.
//
// Inside, rows are packed (packed_rows.h).
//   z_t = W_x x_t + b + W_h h_{t-1}                     (gates: kernels_recurrent.h)
//   dh_{t-1} = dz_t W_h     dx = dz W_x     dW_x = dz^T x     dW_h = dz^T h_prev
//   db = the sum of the rows of dz
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
  Tensor gates;  // [rows, 4H] activated
  Tensor h, c;   // [B + rows, H] states
  Tensor read;   // the states as the recurrent product reads them: h, or masked
  StateMask mask;
};

void backward(const Saved& s, Var x, const LstmWeights& W, Var h_0, Var c_0, const std::array<Var, 3>& out) {
  Tape& tape = x.tape();
  const PackedRows& packed = s.packed;
  for (const Var& var : {x, W.W_x, W.W_h, W.b, h_0, c_0, out[0], out[1], out[2]}) var.reserve_grad();
  const Tape::Scratch scratch(tape);
  const Tensor dh = tape.tensor(s.h.shape());
  const Tensor dc = tape.tensor(s.c.shape());
  kernels::gather_rows(out[0].grad(), packed.position, packed.of_steps(dh));
  kernels::scatter_add_rows(out[1].grad(), packed.last, packed.of_steps(dh));
  kernels::scatter_rows(out[2].grad(), packed.last,
                        packed.of_steps(dc));  // all other rows are set by the step after them
  const bool h_0_needs = h_0.needs_grad();
  const Tensor masked = s.mask.scratch(tape);
  const Tensor& dz = s.gates;  // overwrites the gates, which are not read again
  for (Index t = packed.steps(); t-- > 0;) {
    const auto step = packed.step(t);
    const Tensor gates = s.gates.slice(step.begin, step.count);
    kernels::lstm_backward(gates, packed.before(s.c, step), packed.now(s.c, step), packed.now(dh, step),
                           packed.now(dc, step), gates, packed.before(dc, step));
    if (t > 0 || h_0_needs) s.mask.backward(gates, W.W_h, packed.before(dh, step), t > 0, masked);
  }
  packed.give_first_state(dh, h_0);
  packed.give_first_state(dc, c_0);
  give_weight(dz, s.x, W.W_x);
  if (W.W_h.needs_grad()) {
    const Tensor h_prev = tape.tensor({packed.rows, s.h.cols()});
    kernels::gather_rows(s.read, packed.previous, h_prev);
    give_weight(dz, h_prev, W.W_h);
  }
  give_bias(dz, W.b);
  if (x.needs_grad()) {
    const Tensor dx = tape.tensor(s.x.shape());
    times(dz, W.W_x, dx, false);
    packed.give_positions(dx, x);
  }
}

}  // namespace

std::array<Var, 3> lstm(Var x, std::span<const Index> lengths, const LstmWeights& W, Var h_0, Var c_0,
                        Direction direction, Var h_mask) {
  require_rank("lstm", "x", x, 3);
  require_rank("lstm", "W_h", W.W_h, 2);
  const Index B = x.shape()[0];
  const Index T = x.shape()[1];
  const Index E = x.shape()[2];
  const Index H = W.W_h.shape()[1];
  require_lengths("lstm", lengths, B, T);
  require_shape("lstm", "W_h", W.W_h, Shape{4 * H, H}, "for its width");
  require_shape("lstm", "W_x", W.W_x, Shape{4 * H, E}, "for x's and W_h's width");
  require_shape("lstm", "b", W.b, Shape{4 * H}, "for W_h's width");
  if (!h_0.empty()) require_shape("lstm", "h_0", h_0, Shape{B, H}, "for x's batch and W_h's width");
  if (!c_0.empty()) require_shape("lstm", "c_0", c_0, Shape{B, H}, "for x's batch and W_h's width");

  Tape& tape = x.tape();
  Saved s;
  s.packed = pack_rows(tape, lengths, T, direction);
  const PackedRows& packed = s.packed;
  s.x = tape.tensor({packed.rows, E});
  s.gates = tape.tensor({packed.rows, 4 * H});
  s.h = tape.tensor({B + packed.rows, H});
  s.c = tape.tensor({B + packed.rows, H});
  kernels::gather_rows(x.value().matrix(), packed.position, s.x);
  times_transposed(s.x, W.W_x, W.b, s.gates);
  packed.first_state(h_0, s.h.slice(0, B));
  packed.first_state(c_0, s.c.slice(0, B));
  s.mask = StateMask("lstm", h_mask, packed, H);
  s.read = s.mask.allocate(tape, s.h);
  s.mask.apply(s.h.slice(0, B), s.read.slice(0, B));
  for (Index t = 0; t < packed.steps(); ++t) {
    const auto step = packed.step(t);
    const Tensor gates = s.gates.slice(step.begin, step.count);
    if (t > 0 || !h_0.empty()) times_transposed(packed.before(s.read, step), W.W_h, gates, true);
    kernels::lstm_forward(gates, packed.before(s.c, step), packed.now(s.c, step), packed.now(s.h, step));
    s.mask.apply(packed.now(s.h, step), packed.now(s.read, step));
  }

  const Tensor h = tape.tensor({B, T, H});
  const Tensor h_n = tape.tensor({B, H});
  const Tensor c_n = tape.tensor({B, H});
  kernels::gather_rows(packed.of_steps(s.h), packed.row_of, h.matrix());
  kernels::gather_rows(packed.of_steps(s.h), packed.last, h_n);
  kernels::gather_rows(packed.of_steps(s.c), packed.last, c_n);
  return tape.record_many("lstm", {x, W.W_x, W.W_h, W.b, h_0, c_0}, std::array{h, h_n, c_n},
                          [=](const std::array<Var, 3>& out) { backward(s, x, W, h_0, c_0, out); });
}

}  // namespace regard
