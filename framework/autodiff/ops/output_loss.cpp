// cross_entropy(h W^T + b) without holding all logits [rows, V]: blocks of rows, forward and backward in one go.
//   dlogits = softmax - target distribution;   dh = dlogits W    dW = dlogits^T h    db = the sum of the rows of
//   dlogits
// The gradients are computed with the loss, for dy = 1, and multiplied by dy in backward.
#include <fmt/format.h>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_loss.h"

namespace regard {
namespace {

// Logits held at one time: 2^21 of them (8 MiB in f32) stay within a last-level cache, and the rows are still
// enough to keep the products fast. A block's rows depend on V alone, so results do not depend on threads.
Index block_rows(Index V) {
  constexpr Index kLogits = Index{1} << 21;
  return std::clamp<Index>(kLogits / V / 64 * 64, 64, 1024);
}

}  // namespace

Var output_loss(Var h, Var W, Var b, std::span<const Index> targets, double smoothing) {
  require_rank("output_loss", "W", W, 2);
  require_inner("output_loss", h, W, h.shape().cols(), "last", W.shape()[1], "last");
  const Index V = W.shape()[0];
  const Index H = W.shape()[1];
  if (!b.empty()) require_shape("output_loss", "b", b, Shape{V}, "for W's rows");
  const Index rows = h.shape().rows();
  require_targets("output_loss", targets, rows, V);

  Tape& tape = h.tape();
  const bool gradient = h.needs_grad() || W.needs_grad() || b.needs_grad();
  const Index block = std::min(rows, block_rows(V));
  const Tensor h_rows = h.value().matrix();
  const Tensor dh = gradient ? tape.tensor({rows, H}) : Tensor();
  const Tensor dW = gradient ? tape.tensor({V, H}) : Tensor();
  const Tensor db = gradient ? tape.tensor({V}) : Tensor();
  const Tensor logits = tape.tensor({block, V});
  const auto losses = tape.room<double>(rows);
  for (Index begin = 0; begin < rows; begin += block) {
    const Index n = std::min(block, rows - begin);
    const Tensor x = logits.slice(0, n);
    if (!b.empty()) kernels::fill_rows(b.value(), x);
    kernels::matmul_nt(h_rows.slice(begin, n), W.value(), x, !b.empty());
    kernels::softmax_cross_entropy(x,
                                   targets.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(n)),
                                   smoothing, losses.data() + begin, gradient);
    if (!gradient) continue;
    kernels::matmul_nn(x, W.value(), dh.slice(begin, n), false);
    kernels::matmul_tn(x, h_rows.slice(begin, n), dW, begin > 0);
    kernels::sum_rows(x, db, begin > 0);
  }
  const Tensor y = tape.tensor({1});
  double total = 0;
  for (const double loss : losses) total += loss;
  y.set(0, total);
  const auto times = [](Var to, Tensor grad) {
    return [to, grad](const Tensor& dy) {
      const auto [sink, accumulate] = to.grad_sink();
      kernels::scale(grad, dy.at(0), sink, accumulate);
    };
  };
  return tape.record("output_loss", y, Wrt{h, times(h, dh)}, Wrt{W, times(W, dW)}, Wrt{b, times(b, db)});
}

}  // namespace regard
