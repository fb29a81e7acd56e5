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
  for_rows({y, x.value()}, cols, [cols]<class T>(Index, T* out, const T* in) {
    T total = 0;
    for (Index i = 0; i < cols; ++i) total += in[i];
    *out = total;
  });
  return tape.record("sum_last", y, Wrt{x, [x, cols](const Tensor& dy) {
                                          const auto [dx, accumulate] = x.grad_sink();
                                          for_rows({dx, dy}, cols,
                                                   [cols, add = accumulate]<class T>(Index, T* out, const T* g) {
                                                     for (Index i = 0; i < cols; ++i)
                                                       out[i] = add ? out[i] + *g : *g;
                                                   });
                                        }});
}

}  // namespace regard
