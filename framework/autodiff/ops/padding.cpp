//   zero_padding  y[b, s] = x[b, s] for s < lengths[b], else 0     dx[b, s] = dy[b, s] for s < lengths[b], else 0
// Whatever stands in padding, NaN included, stays there.
#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"

namespace regard {

Var zero_padding(Var x, std::span<const Index> lengths) {
  require_rank("zero_padding", "x", x, 3);
  require_lengths("zero_padding", lengths, x.shape()[0], x.shape()[1]);
  Tape& tape = x.tape();
  const auto kept = tape.copy(lengths);
  const Index steps = x.shape()[1];
  const Index n = x.shape()[2];
  const auto valid = [=](Index row) { return row % steps < kept[static_cast<std::size_t>(row / steps)]; };
  const Tensor y = tape.tensor(x.shape());
  for_rows(y.type(), y.rows(), n, [=, from = x.value().raw(), to = y.raw()](auto tag, Index row) {
    using T = decltype(tag);
    for (Index i = row * n; i < (row + 1) * n; ++i) {
      static_cast<T*>(to)[i] = valid(row) ? static_cast<const T*>(from)[i] : T{0};
    }
  });
  return tape.record("zero_padding", y, Wrt{x, [x, n, valid](const Tensor& dy) {
                                              for_rows(
                                                  dy.type(), dy.rows(), n,
                                                  [=, from = dy.raw(), to = x.grad().raw()](auto tag, Index row) {
                                                    using T = decltype(tag);
                                                    if (!valid(row)) return;
                                                    for (Index i = row * n; i < (row + 1) * n; ++i) {
                                                      static_cast<T*>(to)[i] += static_cast<const T*>(from)[i];
                                                    }
                                                  });
                                            }});
}

}  // namespace regard
