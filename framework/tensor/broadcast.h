#pragma once
// Element-wise operations on two tensors of different shapes. The shapes are aligned at the right; an axis of length 1
// or a missing axis is repeated.
#include <cstring>
#include <type_traits>

#include "framework/tensor/elementwise.h"

namespace regard {

// Sets `common` to the common shape of a and b. Returns false if they have none.
[[nodiscard]] bool broadcast(const Shape& a, const Shape& b, Shape& common);

namespace detail {
// The steps of a tensor along the axes of a larger shape. Axes are padded to four at the left; a step of 0 repeats.
struct Steps {
  Index dims[Shape::kMaxRank];
  Index steps[Shape::kMaxRank];
  // Returns the offset of the first element of `row` (an index over the first three axes).
  [[nodiscard]] Index row_offset(Index row) const noexcept {
    const Index third = row % dims[2];
    const Index second = row / dims[2] % dims[1];
    const Index first = row / dims[2] / dims[1];
    return first * steps[0] + second * steps[1] + third * steps[2];
  }
};
[[nodiscard]] Steps steps_of(const Shape& shape, const Shape& common);

// Calls body(step) with the step along the last axis (0 or 1) as a compile-time value, so that the compiler can
// vectorise the loop over this axis.
template <class Body>
void with_step(Index step, Body body) {
  step == 0 ? body(std::integral_constant<Index, 0>{}) : body(std::integral_constant<Index, 1>{});
}
}  // namespace detail

// Computes y = f(a, b); y has the common shape.
template <class F>
void broadcast_map(const Tensor& y, F f, const Tensor& a, const Tensor& b) {
  if (a.shape() == b.shape()) {
    elementwise(y, false, f, a, b);
    return;
  }
  const detail::Steps as = detail::steps_of(a.shape(), y.shape());
  const detail::Steps bs = detail::steps_of(b.shape(), y.shape());
  const Index cols = as.dims[3];
  for_rows({y.as({cols == 0 ? 0 : y.size() / cols, cols}), whole(a), whole(b)}, cols,
           [=]<class T>(Index row, T* out, const T* first_x, const T* first_z) {
             const T* const x = first_x + as.row_offset(row);
             const T* const z = first_z + bs.row_offset(row);
             detail::with_step(as.steps[3], [&](auto x_step) {
               detail::with_step(bs.steps[3], [&](auto z_step) {
                 for (Index i = 0; i < cols; ++i) out[i] = static_cast<T>(f(x[i * x_step], z[i * z_step]));
               });
             });
           });
}

// Computes grad = (or += with `accumulate`) the sum of f(dy, a, b) over the repetitions. `grad` is the gradient of
// operand `which` (0: a, 1: b); dy has the common shape.
template <class F>
void broadcast_reduce(const Tensor& grad, bool accumulate, F f, const Tensor& dy, const Tensor& a, const Tensor& b,
                      int which) {
  if (a.shape() == b.shape()) {
    elementwise(grad, accumulate, f, dy, a, b);
    return;
  }
  const detail::Steps as = detail::steps_of(a.shape(), dy.shape());
  const detail::Steps bs = detail::steps_of(b.shape(), dy.shape());
  const detail::Steps gs = which == 0 ? as : bs;
  const Index cols = as.dims[3];
  const Index rows = cols == 0 ? 0 : dy.size() / cols;
  const bool repeated = grad.size() != dy.size();
  const bool overwrite = !repeated && !accumulate;
  if (repeated && !accumulate) std::memset(grad.raw(), 0, static_cast<std::size_t>(grad.bytes()));
  dispatch(dy.type(), [&](auto tag) {
    using T = decltype(tag);
    // Processes the columns [begin, end) of one row of dy: each into an element of grad, or all summed into one.
    const auto run = [=, x = a.data<T>(), z = b.data<T>(), g = dy.data<T>(), out = grad.data<T>()](
                         Index row, Index begin, Index end) {
      const T* const g_row = g + row * cols;
      const T* const x_row = x + as.row_offset(row);
      const T* const z_row = z + bs.row_offset(row);
      T* const to = out + gs.row_offset(row);
      detail::with_step(as.steps[3], [&](auto x_step) {
        detail::with_step(bs.steps[3], [&](auto z_step) {
          const auto term = [&](Index i) {
            return static_cast<T>(f(g_row[i], x_row[i * x_step], z_row[i * z_step]));
          };
          if (gs.steps[3] == 0) {
            T total = 0;
            for (Index i = begin; i < end; ++i) total += term(i);
            *to = overwrite ? total : *to + total;
          } else if (overwrite) {
            for (Index i = begin; i < end; ++i) to[i] = term(i);
          } else {
            for (Index i = begin; i < end; ++i) to[i] += term(i);
          }
        });
      });
    };
    const bool own_rows = rows == 0 || grad.size() / rows == (gs.steps[3] == 0 ? 1 : cols);
    if (own_rows) {  // every row of dy has its own elements of grad
      parallel_for(rows, kElementwiseGrain / (cols + 1) + 1, [=](Index begin, Index end) {
        for (Index row = begin; row < end; ++row) run(row, 0, cols);
      });
    } else if (gs.steps[3] != 0) {  // every column has its own elements, so threads share the columns
      parallel_for(cols, kElementwiseGrain / (rows + 1) + 16, [=](Index begin, Index end) {
        for (Index row = 0; row < rows; ++row) run(row, begin, end);
      });
    } else {
      for (Index row = 0; row < rows; ++row) run(row, 0, cols);
    }
  });
}

}  // namespace regard
