//   sum       y = the sum of all elements        dx = dy everywhere
//   sum_last  y = the sum over the last axis     dx = dy along it
#include "framework/autodiff/ops.h"
#include "framework/tensor/broadcast.h"
#include "framework/tensor/kernels.h"

namespace regard {

Var sum(Var x) {
  Tape& tape = x.tape();
  const Tensor y = tape.tensor({1});
  y.set(0, kernels::sum(x.value()));
  return tape.record("sum", y, Wrt{x, [x](const Tensor& dy) {
                                     const auto [dx, accumulate] = x.grad_sink();
                                     elementwise(
                                         dx, accumulate,
                                         [g = dy.at(0)](auto v) { return static_cast<decltype(v)>(g); },
                                         x.value());
                                   }});
}

Var sum_last(Var x) {
  Tape& tape = x.tape();
  const Index cols = x.shape().cols();
  const Tensor y = tape.tensor(x.shape().with_cols(1));
  for_rows(y.type(), y.size(), cols, [=, from = x.value().raw(), to = y.raw()](auto tag, Index row) {
    using T = decltype(tag);
    T total = 0;
    for (Index i = 0; i < cols; ++i) total += static_cast<const T*>(from)[row * cols + i];
    static_cast<T*>(to)[row] = total;
  });
  return tape.record("sum_last", y, Wrt{x, [x, cols](const Tensor& dy) {
                                          const Tensor dx = x.grad();
                                          for_rows(dy.type(), dy.size(), cols,
                                                   [=, from = dy.raw(), to = dx.raw()](auto tag, Index row) {
                                                     using T = decltype(tag);
                                                     const T g = static_cast<const T*>(from)[row];
                                                     for (Index i = 0; i < cols; ++i)
                                                       static_cast<T*>(to)[row * cols + i] += g;
                                                   });
                                        }});
}

}  // namespace regard
