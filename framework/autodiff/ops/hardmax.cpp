//   y_s = 1 at the largest x_s of a row's own positions, the first of equal ones, else 0      dx = 0: y is a constant
// x is [B, T, S]; positions s >= lengths[b] are not read.
#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"

namespace regard {

Var hardmax(Var x, std::span<const Index> lengths) {
  require_rank("hardmax", "x", x, 3);
  require_lengths("hardmax", lengths, x.shape()[0], x.shape()[2]);
  const Tensor y = x.tape().tensor(x.shape());
  const Index T = x.shape()[1];
  const Index S = x.shape()[2];
  for_rows({y, x.value()}, S, [=]<class F>(Index row, F* out, const F* in) {
    std::fill(out, out + S, F{0});
    out[std::max_element(in, in + lengths[static_cast<std::size_t>(row / T)]) - in] = 1;
  });
  return x.tape().input(y);
}

}  // namespace regard
