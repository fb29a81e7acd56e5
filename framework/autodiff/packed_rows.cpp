#include "framework/autodiff/packed_rows.h"

#include <algorithm>

#include "framework/tensor/kernels.h"

namespace regard {
namespace {

// Adds the rows of `from` to x's gradient, row i to index[i]. `inverse` is -1 for rows that get none.
void give_rows(const Tensor& from, std::span<const Index> index, std::span<const Index> inverse, Var x) {
  if (x.empty() || !x.needs_grad()) return;
  const auto [dx, accumulate] = x.grad_sink();
  if (accumulate) {
    kernels::scatter_add_rows(from, index, dx.matrix());
  } else {
    kernels::gather_rows(from, inverse, dx.matrix());
  }
}

}  // namespace

PackedRows::Step PackedRows::step(Index t) const {
  const auto at = [&](Index step) { return begin[static_cast<std::size_t>(step)]; };
  return {at(t), at(t + 1) - at(t), t == 0 ? 0 : batch() + at(t - 1)};
}

void PackedRows::first_state(Var state, const Tensor& to) const {
  if (state.empty()) {
    kernels::fill_zero(to);
  } else {
    kernels::gather_rows(state.value(), order, to);
  }
}

void PackedRows::give_first_state(const Tensor& d_states, Var state) const {
  give_rows(d_states.slice(0, batch()), order, place, state);
}

void PackedRows::give_positions(const Tensor& d_rows, Var x) const { give_rows(d_rows, position, row_of, x); }

PackedRows pack_rows(Tape& tape, std::span<const Index> lengths, Index T, Direction direction) {
  const auto B = static_cast<Index>(lengths.size());
  const auto at = [](auto& span, Index i) -> auto& { return span[static_cast<std::size_t>(i)]; };
  const auto order = tape.allocate_span<Index>(B);
  const auto place = tape.allocate_span<Index>(B);
  for (Index b = 0; b < B; ++b) at(order, b) = b;
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    return at(lengths, a) != at(lengths, b) ? at(lengths, a) > at(lengths, b) : a < b;
  });
  PackedRows packed;
  Index longest = 0;
  for (Index p = 0; p < B; ++p) {
    at(place, at(order, p)) = p;
    packed.rows += at(lengths, p);
    longest = std::max(longest, at(lengths, p));
  }
  const auto begin = tape.allocate_span<Index>(longest + 1);
  const auto position = tape.allocate_span<Index>(packed.rows);
  const auto row_of = tape.allocate_span<Index>(B * T);
  const auto previous = tape.allocate_span<Index>(packed.rows);
  const auto last = tape.allocate_span<Index>(B);
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
  packed.order = order;
  packed.place = place;
  packed.begin = begin;
  packed.position = position;
  packed.row_of = row_of;
  packed.previous = previous;
  packed.last = last;
  return packed;
}

}  // namespace regard
