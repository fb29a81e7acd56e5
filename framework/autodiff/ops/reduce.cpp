//   sum       y = the sum of all elements        dx = dy everywhere
//   sum_last  y = the sum over the last axis     dx = dy along it
#include "framework/autodiff/ops.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/kernels.h"

namespace regard {

Var sum(Var x) {
  Tape& tape = x.tape();
  const Tensor y = tape.tensor({1});
  y.set(0, kernels::sum(x.value()));
  return tape.record("sum", y, Wrt{x, [x](const Tensor& dy) {
                                     const auto [dx, accumulate] = x.grad_sink();
                                     elementwise(dx, accumulate, [g = dy.at(0)] { return g; });
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
  return tape.record("sum_last", y,
                     Wrt{x, [x, cols](const Tensor& dy) {
                           const auto [dx, accumulate] = x.grad_sink();
                           for_rows(dy.type(), dy.size(), cols,
                                    [=, add = accumulate, from = dy.raw(), to = dx.raw()](auto tag, Index row) {
                                      using T = decltype(tag);
                                      const T g = static_cast<const T*>(from)[row];
                                      T* const out = static_cast<T*>(to) + row * cols;
                                      for (Index i = 0; i < cols; ++i) out[i] = add ? out[i] + g : g;
                                    });
                         }});
}

}  // namespace regard
