// An LSTM over whole sequences: one product for all input projections, one product a step for the recurrence, one
// product a weight gradient over all steps, and no work on padding.
//
// Inside, rows are packed: sentences sorted by length (longest first), step by step, so that the sentences still
// running at step t are the first n_t rows of it, and step t-1's states of the same sentences are the first n_t
// rows there.
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

// Where each packed row comes from.
struct Packing {
  Index rows = 0;                   // all real positions
  std::span<const Index> order;     // [B] sentence at each place, longest first
  std::span<const Index> place;     // [B] its inverse
  std::span<const Index> begin;     // [longest + 1] first row of each step
  std::span<const Index> position;  // [rows] b * T + t of the row, in x and h
  std::span<const Index> previous;  // [rows] the packed row of h_{t-1}; -1 - place for h_0
  std::span<const Index> last;      // [B] the packed row of each sentence's last step
  [[nodiscard]] Index steps() const { return static_cast<Index>(begin.size()) - 1; }
  [[nodiscard]] Index count(Index step) const {
    return begin[static_cast<std::size_t>(step) + 1] - begin[static_cast<std::size_t>(step)];
  }
};

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
  const auto previous = tape.room<Index>(packing.rows);
  const auto last = tape.room<Index>(B);
  Index row = 0;
  for (Index t = 0; t < longest; ++t) {
    at(begin, t) = row;
    for (Index p = 0; p < B && at(lengths, at(order, p)) > t; ++p, ++row) {
      const Index b = at(order, p);
      at(position, row) = b * T + (direction == Direction::forward ? t : at(lengths, b) - 1 - t);
      at(previous, row) = t == 0 ? -1 - p : at(begin, t - 1) + p;
      at(last, b) = row;
    }
  }
  at(begin, longest) = row;
  packing.order = order;
  packing.place = place;
  packing.begin = begin;
  packing.position = position;
  packing.previous = previous;
  packing.last = last;
  return packing;
}

struct Saved {
  Packing packing;
  Tensor x;       // [rows, E] packed input
  Tensor gates;   // [rows, 4H] activated
  Tensor c_prev;  // [rows, H]
  Tensor c;       // [rows, H]
  Tensor h_prev;  // [rows, H]
};

// The first state in packed order, or zeros.
void first_state(Var state, const Packing& packing, const Tensor& to) {
  if (state.empty()) {
    kernels::fill_zero(to);
  } else {
    kernels::gather_rows(state.value(), packing.order, to);
  }
}

void backward(const Saved& s, Var x, const LstmWeights& W, Var h_0, Var c_0, const std::array<Var, 3>& out) {
  Tape& tape = x.tape();
  const Packing& packing = s.packing;
  const Index H = s.c.cols();
  const auto B = static_cast<Index>(packing.order.size());
  const Tensor dh = tape.tensor(s.c.shape());
  kernels::gather_rows(out[0].grad(), packing.position, dh);
  kernels::scatter_add_rows(out[1].grad(), packing.last, dh);
  const Tensor dc = tape.zeros(s.c.shape());
  kernels::scatter_add_rows(out[2].grad(), packing.last, dc);
  const Tensor dh_0 = tape.zeros({B, H});
  const Tensor dc_0 = tape.zeros({B, H});
  const Tensor dc_prev = tape.tensor({B, H});
  const Tensor& dz = s.gates;  // overwrites the gates, which nobody reads again
  for (Index t = packing.steps(); t-- > 0;) {
    const Index begin = packing.begin[static_cast<std::size_t>(t)];
    const Index n = packing.count(t);
    const auto rows = [&](const Tensor& from) { return from.slice(begin, n); };
    kernels::lstm_backward(rows(s.gates), rows(s.c_prev), rows(s.c), rows(dh), rows(dc), rows(dz),
                           dc_prev.slice(0, n));
    const Index before = t == 0 ? 0 : packing.begin[static_cast<std::size_t>(t) - 1];
    kernels::accumulate(dc_prev.slice(0, n), (t == 0 ? dc_0 : dc).slice(before, n));
    kernels::matmul_nn(rows(dz), W.W_h.value(), (t == 0 ? dh_0 : dh).slice(before, n), true);
  }
  if (!h_0.empty() && h_0.needs_grad()) kernels::scatter_add_rows(dh_0, packing.order, h_0.grad());
  if (!c_0.empty() && c_0.needs_grad()) kernels::scatter_add_rows(dc_0, packing.order, c_0.grad());
  if (W.W_x.needs_grad()) tape.add_weight_grad(W.W_x, dz, s.x);
  if (W.W_h.needs_grad()) tape.add_weight_grad(W.W_h, dz, s.h_prev);
  if (W.b.needs_grad()) {
    const auto [db, accumulate] = W.b.grad_sink();
    kernels::sum_rows(dz, db, accumulate);
  }
  if (x.needs_grad()) {
    const Tensor dx = tape.tensor(s.x.shape());
    kernels::matmul_nn(dz, W.W_x.value(), dx, false);
    kernels::scatter_add_rows(dx, packing.position, x.grad().matrix());
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
  s.c_prev = tape.tensor({packing.rows, H});
  s.c = tape.tensor({packing.rows, H});
  s.h_prev = tape.tensor({packing.rows, H});
  const Tensor hidden = tape.tensor({packing.rows, H});
  kernels::gather_rows(x.value().matrix(), packing.position, s.x);
  kernels::fill_rows(W.b.value(), s.gates);
  kernels::matmul_nt(s.x, W.W_x.value(), s.gates, true);
  for (Index t = 0; t < packing.steps(); ++t) {
    const Index begin = packing.begin[static_cast<std::size_t>(t)];
    const Index n = packing.count(t);
    const auto rows = [&](const Tensor& from) { return from.slice(begin, n); };
    if (t == 0) {
      first_state(h_0, packing, rows(s.h_prev));
      first_state(c_0, packing, rows(s.c_prev));
    } else {
      const Index before = packing.begin[static_cast<std::size_t>(t) - 1];
      kernels::copy(hidden.slice(before, n), rows(s.h_prev));
      kernels::copy(s.c.slice(before, n), rows(s.c_prev));
    }
    if (t > 0 || !h_0.empty()) kernels::matmul_nt(rows(s.h_prev), W.W_h.value(), rows(s.gates), true);
    kernels::lstm_forward(rows(s.gates), rows(s.c_prev), rows(s.c), rows(hidden));
  }

  const Tensor h = tape.zeros({B, T, H});
  const Tensor h_n = tape.tensor({B, H});
  const Tensor c_n = tape.tensor({B, H});
  kernels::scatter_add_rows(hidden, packing.position, h.matrix());
  kernels::gather_rows(hidden, packing.last, h_n);
  kernels::gather_rows(s.c, packing.last, c_n);
  return tape.record_many("lstm", {x, W.W_x, W.W_h, W.b, h_0, c_0}, std::array{h, h_n, c_n},
                          [=](const std::array<Var, 3>& out) { backward(s, x, W, h_0, c_0, out); });
}

}  // namespace regard
