#pragma once
// Element-wise work on two tensors of different shapes, aligned at the right: an axis of one, or a missing one, is
// repeated.
#include "framework/tensor/elementwise.h"

namespace regard {

// The common shape of a and b; false where they do not fit.
[[nodiscard]] bool broadcast(const Shape& a, const Shape& b, Shape& common);

namespace detail {
// How to walk a tensor in the order of the elements of a larger shape: axes padded to four at the left; 0 repeats.
struct Steps {
  Index dims[Shape::kMaxRank];
  Index steps[Shape::kMaxRank];
  // Offset of the element before which `row` (an index over the first three axes) begins.
  [[nodiscard]] Index row_offset(Index row) const noexcept {
    const Index third = row % dims[2];
    const Index second = row / dims[2] % dims[1];
    const Index first = row / dims[2] / dims[1];
    return first * steps[0] + second * steps[1] + third * steps[2];
  }
};
[[nodiscard]] Steps steps_of(const Shape& shape, const Shape& common);
}  // namespace detail

// y = f(a, b); y has the common shape.
template <class F>
void broadcast_map(const Tensor& y, F f, const Tensor& a, const Tensor& b) {
  if (a.shape() == b.shape()) {
    elementwise(y, false, f, a, b);
    return;
  }
  const detail::Steps as = detail::steps_of(a.shape(), y.shape());
  const detail::Steps bs = detail::steps_of(b.shape(), y.shape());
  const Index cols = as.dims[3];
  for_rows(y.type(), cols == 0 ? 0 : y.size() / cols, cols,
           [=, to = y.raw(), pa = a.raw(), pb = b.raw()](auto tag, Index row) {
             using T = decltype(tag);
             const T* const x = static_cast<const T*>(pa) + as.row_offset(row);
             const T* const z = static_cast<const T*>(pb) + bs.row_offset(row);
             T* const out = static_cast<T*>(to) + row * cols;
             for (Index i = 0; i < cols; ++i) out[i] = static_cast<T>(f(x[i * as.steps[3]], z[i * bs.steps[3]]));
           });
}

// grad += the sum over repetitions of f(dy, a, b). `grad` belongs to operand `which` (0: a, 1: b); dy has the
// common shape.
template <class F>
void broadcast_reduce(const Tensor& grad, F f, const Tensor& dy, const Tensor& a, const Tensor& b, int which) {
  if (a.shape() == b.shape()) {
    elementwise(grad, true, f, dy, a, b);
    return;
  }
  const detail::Steps as = detail::steps_of(a.shape(), dy.shape());
  const detail::Steps bs = detail::steps_of(b.shape(), dy.shape());
  const detail::Steps gs = which == 0 ? as : bs;
  const Index cols = as.dims[3];
  const Index rows = cols == 0 ? 0 : dy.size() / cols;
  dispatch(dy.type(), [&](auto tag) {
    using T = decltype(tag);
    const T* const x = a.data<T>();
    const T* const z = b.data<T>();
    const T* const g = dy.data<T>();
    T* const out = grad.data<T>();
    const auto run = [=](Index row_begin, Index row_end, Index begin, Index end) {
      for (Index row = row_begin; row < row_end; ++row) {
        const Index ao = as.row_offset(row);
        const Index bo = bs.row_offset(row);
        const Index go = gs.row_offset(row);
        for (Index i = begin; i < end; ++i) {
          out[go + i * gs.steps[3]] +=
              static_cast<T>(f(g[row * cols + i], x[ao + i * as.steps[3]], z[bo + i * bs.steps[3]]));
        }
      }
    };
    if (gs.steps[3] != 0) {  // no repetition along the columns: threads share the columns
      parallel_for(cols, kElementwiseGrain / (rows + 1) + 16,
                   [=](Index begin, Index end) { run(0, rows, begin, end); });
    } else {
      run(0, rows, 0, cols);
    }
  });
}

}  // namespace regard
