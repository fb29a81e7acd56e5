//   zero_padding  y[b, s] = x[b, s] for s < lengths[b], else 0     dx[b, s] = dy[b, s] for s < lengths[b], else 0
// Values on padding, NaN included, never leave it.
#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"

namespace regard {
namespace {

struct Positions {
  std::span<const Index> lengths;
  Index steps, n;
  [[nodiscard]] bool real(Index row) const { return row % steps < lengths[static_cast<std::size_t>(row / steps)]; }
};

// to (+)= from at real positions; 0 (or nothing) at padding, where `from` is not read.
void copy_real(const Tensor& from, Positions positions, const Tensor& to, bool accumulate) {
  const Index n = positions.n;
  for_rows({to, from}, n, [=]<class T>(Index row, T* y, const T* x) {
    if (!positions.real(row)) {
      if (!accumulate) std::fill(y, y + n, T{0});
    } else if (accumulate) {
      for (Index i = 0; i < n; ++i) y[i] += x[i];
    } else {
      std::copy(x, x + n, y);
    }
  });
}

}  // namespace

Var zero_padding(Var x, std::span<const Index> lengths) {
  require_rank("zero_padding", "x", x, 3);
  require_lengths("zero_padding", lengths, x.shape()[0], x.shape()[1]);
  Tape& tape = x.tape();
  const Positions positions{tape.copy(lengths), x.shape()[1], x.shape()[2]};
  const Tensor y = tape.tensor(x.shape());
  copy_real(x.value(), positions, y, false);
  return tape.record("zero_padding", y, Wrt{x, [x, positions](const Tensor& dy) {
                                              const auto [dx, accumulate] = x.grad_sink_over(dy);
                                              copy_real(dy, positions, dx, accumulate);
                                            }});
}

}  // namespace regard
