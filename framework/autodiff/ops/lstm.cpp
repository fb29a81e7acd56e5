// An LSTM over whole sequences: one product for all input projections, one product a step for the recurrence, one
// product a weight gradient over all steps, and no work on padding.
//
// Inside, rows are packed: sentences sorted by length (longest first), step by step, so that the sentences still
// running at step t are the first n_t rows of it, and step t-1's states of the same sentences are the first n_t
// rows there. States h and c [B + rows, H] have h_0 and c_0 in the B rows before the first step's.
//   z_t = W_x x_t + b + W_h h_{t-1}                     (gates: kernels_recurrent.h)
//   dh_{t-1} = dz_t W_h     dx = dz W_x     dW_x = dz^T x     dW_h = dz^T h_prev     db = the sum of the rows of
//   dz
// Direction::backward reads each sentence from its own last position to its first.
#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_recurrent.h"

namespace regard {
namespace {

// Where each packed row comes from, and where it goes.
struct Packing {
  Index rows = 0;                   // all real positions
  std::span<const Index> order;     // [B] sentence at each place, longest first
  std::span<const Index> place;     // [B] its inverse
  std::span<const Index> begin;     // [longest + 1] first row of each step
  std::span<const Index> position;  // [rows] b * T + t of the row, in x and h
  std::span<const Index> row_of;    // [B * T] its inverse; -1 at padding
  std::span<const Index> previous;  // [rows] the row of h_{t-1} among the states
  std::span<const Index> last;      // [B] the row of each sentence's last step
  [[nodiscard]] Index batch() const { return static_cast<Index>(order.size()); }
  [[nodiscard]] Index steps() const { return static_cast<Index>(begin.size()) - 1; }
};

// One step's rows.
struct Step {
  Index begin;   // the first, among all rows
  Index count;   // n_t
  Index before;  // the first row of h_{t-1}, among the states
};
Step step_of(const Packing& packing, Index t) {
  const auto begin = [&](Index step) { return packing.begin[static_cast<std::size_t>(step)]; };
  return {begin(t), begin(t + 1) - begin(t), t == 0 ? 0 : packing.batch() + begin(t - 1)};
}

Packing pack(Tape& tape, std::span<const Index> lengths, Index T, Direction direction) {
  const auto B = static_cast<Index>(lengths.size());
  const auto at = [](auto& span, Index i) -> auto& { return span[static_cast<std::size_t>(i)]; };
  const auto order = tape.room<Index>(B);
  const auto place = tape.room<Index>(B);
  for (Index b = 0; b < B; ++b) at(order, b) = b;
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return at(lengths, a) != at(lengths, b) ? at(lengths, a) > at(lengths, b) : a < b;
  });
  Packing packing;
  Index longest = 0;
  for (Index p = 0; p < B; ++p) {
    at(place, at(order, p)) = p;
    packing.rows += at(lengths, p);
    longest = std::max(longest, at(lengths, p));
  }
  const auto begin = tape.room<Index>(longest + 1);
  const auto position = tape.room<Index>(packing.rows);
  const auto row_of = tape.room<Index>(B * T);
  const auto previous = tape.room<Index>(packing.rows);
  const auto last = tape.room<Index>(B);
  std::fill(row_of.begin(), row_of.end(), Index{-1});
  Index row = 0;
  for (Index t = 0; t < longest; ++t) {
    at(begin, t) = row;
    for (Index p = 0; p < B && at(lengths, at(order, p)) > t; ++p, ++row) {
      const Index b = at(order, p);
      at(position, row) = b * T + (direction == Direction::forward ? t : at(lengths, b) - 1 - t);
      at(row_of, at(position, row)) = row;
      at(previous, row) = t == 0 ? p : B + at(begin, t - 1) + p;
      at(last, b) = row;
    }
  }
  at(begin, longest) = row;
  packing.order = order;
  packing.place = place;
  packing.begin = begin;
  packing.position = position;
  packing.row_of = row_of;
  packing.previous = previous;
  packing.last = last;
  return packing;
}

struct Saved {
  Packing packing;
  Tensor x;      // [rows, E] packed input
  Tensor gates;  // [rows, 4H] activated
  Tensor h, c;   // [B + rows, H] states
};

// The first state in packed order, or zeros.
void first_state(Var state, const Packing& packing, const Tensor& to) {
  if (state.empty()) {
    kernels::fill_zero(to);
  } else {
    kernels::gather_rows(state.value(), packing.order, to);
  }
}

// Gives the rows of `from` to x's gradient: row i to index[i]. `inverse` is -1 for rows that get none.
void give_rows(const Tensor& from, std::span<const Index> index, std::span<const Index> inverse, Var x) {
  if (x.empty() || !x.needs_grad()) return;
  const auto [dx, accumulate] = x.grad_sink();
  if (accumulate) {
    kernels::scatter_add_rows(from, index, dx.matrix());
  } else {
    kernels::gather_rows(from, inverse, dx.matrix());
  }
}

void backward(const Saved& s, Var x, const LstmWeights& W, Var h_0, Var c_0, const std::array<Var, 3>& out) {
  Tape& tape = x.tape();
  const Packing& packing = s.packing;
  const Index B = packing.batch();
  const Tensor dh = tape.tensor(s.h.shape());
  const Tensor dc = tape.tensor(s.c.shape());
  const auto of_steps = [&](const Tensor& states) { return states.slice(B, packing.rows); };
  kernels::gather_rows(out[0].grad(), packing.position, of_steps(dh));
  kernels::scatter_add_rows(out[1].grad(), packing.last, of_steps(dh));
  kernels::scatter_rows(out[2].grad(), packing.last,
                        of_steps(dc));  // all other rows are set by the step after them
  const bool h_0_needs = h_0.needs_grad();
  const Tensor& dz = s.gates;  // overwrites the gates, which nobody reads again
  for (Index t = packing.steps(); t-- > 0;) {
    const Step step = step_of(packing, t);
    const auto now = [&](const Tensor& states) { return states.slice(B + step.begin, step.count); };
    const auto before = [&](const Tensor& states) { return states.slice(step.before, step.count); };
    const Tensor gates = s.gates.slice(step.begin, step.count);
    kernels::lstm_backward(gates, before(s.c), now(s.c), now(dh), now(dc), gates, before(dc));
    if (t > 0 || h_0_needs) kernels::matmul_nn(gates, W.W_h.value(), before(dh), t > 0);
  }
  give_rows(dh.slice(0, B), packing.order, packing.place, h_0);
  give_rows(dc.slice(0, B), packing.order, packing.place, c_0);
  if (W.W_x.needs_grad()) tape.add_weight_grad(W.W_x, dz, s.x);
  if (W.W_h.needs_grad()) {
    const Tensor h_prev = tape.tensor({packing.rows, s.h.cols()});
    kernels::gather_rows(s.h, packing.previous, h_prev);
    tape.add_weight_grad(W.W_h, dz, h_prev);
  }
  if (W.b.needs_grad()) {
    const auto [db, accumulate] = W.b.grad_sink();
    kernels::sum_rows(dz, db, accumulate);
  }
  if (x.needs_grad()) {
    const Tensor dx = tape.tensor(s.x.shape());
    kernels::matmul_nn(dz, W.W_x.value(), dx, false);
    give_rows(dx, packing.position, packing.row_of, x);
  }
}

}  // namespace

std::array<Var, 3> lstm(Var x, std::span<const Index> lengths, const LstmWeights& W, Var h_0, Var c_0,
                        Direction direction) {
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
  s.packing = pack(tape, lengths, T, direction);
  const Packing& packing = s.packing;
  s.x = tape.tensor({packing.rows, E});
  s.gates = tape.tensor({packing.rows, 4 * H});
  s.h = tape.tensor({B + packing.rows, H});
  s.c = tape.tensor({B + packing.rows, H});
  kernels::gather_rows(x.value().matrix(), packing.position, s.x);
  kernels::fill_rows(W.b.value(), s.gates);
  kernels::matmul_nt(s.x, W.W_x.value(), s.gates, true);
  first_state(h_0, packing, s.h.slice(0, B));
  first_state(c_0, packing, s.c.slice(0, B));
  for (Index t = 0; t < packing.steps(); ++t) {
    const Step step = step_of(packing, t);
    const auto now = [&](const Tensor& states) { return states.slice(B + step.begin, step.count); };
    const auto before = [&](const Tensor& states) { return states.slice(step.before, step.count); };
    const Tensor gates = s.gates.slice(step.begin, step.count);
    if (t > 0 || !h_0.empty()) kernels::matmul_nt(before(s.h), W.W_h.value(), gates, true);
    kernels::lstm_forward(gates, before(s.c), now(s.c), now(s.h));
  }

  const Tensor h = tape.tensor({B, T, H});
  const Tensor h_n = tape.tensor({B, H});
  const Tensor c_n = tape.tensor({B, H});
  kernels::gather_rows(s.h.slice(B, packing.rows), packing.row_of, h.matrix());
  kernels::gather_rows(s.h.slice(B, packing.rows), packing.last, h_n);
  kernels::gather_rows(s.c.slice(B, packing.rows), packing.last, c_n);
  return tape.record_many("lstm", {x, W.W_x, W.W_h, W.b, h_0, c_0}, std::array{h, h_n, c_n},
                          [=](const std::array<Var, 3>& out) { backward(s, x, W, h_0, c_0, out); });
}

}  // namespace regard
