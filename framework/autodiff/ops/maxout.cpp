//   y[i] = max(x[2 i], x[2 i + 1])      x [..., 2 n] -> y [..., n]      (Goodfellow et al. 2013, pieces of two)
//   dx of the larger of each pair is dy, of the other 0; of equal ones the first gets it
#include <fmt/format.h>

#include <cmath>

#include "framework/autodiff/ops.h"
#include "framework/tensor/elementwise.h"

namespace regard {
namespace {

// NaN wins in either place, so that it propagates.
template <class T>
bool second_wins(const T* pair) {
  return pair[0] < pair[1] || std::isnan(pair[1]);
}

}  // namespace

Var maxout(Var x) {
  const Index cols = x.shape().cols();
  if (cols % 2 != 0) {
    throw ShapeError(fmt::format("maxout: the last axis of x {} must be even", x.shape().text()));
  }
  Tape& tape = x.tape();
  const Tensor y = tape.tensor(x.shape().with_cols(cols / 2));
  for_rows(y.type(), y.rows(), cols / 2,
           [n = cols / 2, from = x.value().raw(), to = y.raw()](auto tag, Index row) {
             using T = decltype(tag);
             const T* const pairs = static_cast<const T*>(from) + 2 * n * row;
             T* const out = static_cast<T*>(to) + n * row;
             for (Index i = 0; i < n; ++i) out[i] = pairs[2 * i + (second_wins(pairs + 2 * i) ? 1 : 0)];
           });
  return tape.record("maxout", y, Wrt{x, [x, n = cols / 2](const Tensor& dy) {
                                        const auto [dx, accumulate] = x.grad_sink();
                                        for_rows(dy.type(), dy.rows(), n,
                                                 [n, accumulate = accumulate, values = x.value().raw(),
                                                  from = dy.raw(), to = dx.raw()](auto tag, Index row) {
                                                   using T = decltype(tag);
                                                   const T* const pairs =
                                                       static_cast<const T*>(values) + 2 * n * row;
                                                   const T* const g = static_cast<const T*>(from) + n * row;
                                                   T* const out = static_cast<T*>(to) + 2 * n * row;
                                                   for (Index i = 0; i < n; ++i) {
                                                     const bool second = second_wins(pairs + 2 * i);
                                                     const T first = second ? T{0} : g[i];
                                                     const T other = second ? g[i] : T{0};
                                                     out[2 * i] = accumulate ? out[2 * i] + first : first;
                                                     out[2 * i + 1] = accumulate ? out[2 * i + 1] + other : other;
                                                   }
                                                 });
                                      }});
}

}  // namespace regard
