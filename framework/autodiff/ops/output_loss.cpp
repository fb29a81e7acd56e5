// cross_entropy(h W^T + b) without storing all logits [rows, V]: in blocks of rows, forward and backward together,
// and no work for rows without a target.
//   dlogits = softmax - target distribution
//   dh = dlogits W      dW = dlogits^T h      db = the sum of the rows of dlogits
// The gradients are computed with the loss, for dy = 1, and multiplied by dy in backward; dW uses the memory of
// W's gradient.
#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/products.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_loss.h"

namespace regard {
namespace {

// Logits stored at one time: 2^21 of them (8 MiB in f32) stay within a last-level cache, and the rows are still
// enough to keep the products fast. A block's rows depend on V alone, so results do not depend on threads.
Index block_rows(Index V) {
  constexpr Index kLogits = Index{1} << 21;
  return std::clamp<Index>(kLogits / V / 64 * 64, 64, 1024);
}

// The rows that have a target, and their targets.
struct Kept {
  std::span<const Index> rows;
  std::span<const Index> targets;
};

Kept rows_with_target(Tape& tape, std::span<const Index> targets) {
  const auto count = std::count_if(targets.begin(), targets.end(), [](Index target) { return target >= 0; });
  const auto rows = tape.allocate_span<Index>(count);
  const auto kept = tape.allocate_span<Index>(count);
  std::size_t at = 0;
  for (std::size_t row = 0; row < targets.size(); ++row) {
    if (targets[row] < 0) continue;
    rows[at] = static_cast<Index>(row);
    kept[at++] = targets[row];
  }
  return {rows, kept};
}

}  // namespace

Var output_loss(Var h, Var W, Var b, std::span<const Index> targets, double smoothing) {
  require_rank("output_loss", "W", W, 2);
  require_inner("output_loss", h, W, h.shape().cols(), "last", W.shape()[1], "last");
  const Index V = W.shape()[0];
  const Index H = W.shape()[1];
  if (!b.empty()) require_shape("output_loss", "b", b, Shape{V}, "for W's rows");
  require_targets("output_loss", targets, h.shape().rows(), V);
  require_share("output_loss", "smoothing", smoothing);

  Tape& tape = h.tape();
  const Kept kept = rows_with_target(tape, targets);
  const auto rows = static_cast<Index>(kept.rows.size());
  if (rows == 0) return tape.input(tape.zeros({1}));

  const bool gradient = h.needs_grad() || W.needs_grad() || b.needs_grad();
  const Index block = std::min(rows, block_rows(V));
  const Tensor dh = gradient ? tape.tensor({rows, H}) : Tensor();  // of the kept rows
  const Tensor dW = gradient ? tape.early_grad(W) : Tensor();
  const Tensor db = gradient ? tape.tensor({V}) : Tensor();
  const auto losses = tape.allocate_span<double>(rows);
  {
    const Tape::Scratch scratch(tape);
    const OpWeight by_W_transposed(W, Transpose::yes);
    const auto by_W = gradient ? std::optional<OpWeight>(std::in_place, W, Transpose::no) : std::nullopt;
    const Tensor logits = tape.scratch_tensor({block, V});
    const Tensor h_block = tape.scratch_tensor({block, H});
    for (Index begin = 0; begin < rows; begin += block) {
      const Index n = std::min(block, rows - begin);
      const auto part = [&](std::span<const Index> all) {
        return all.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(n));
      };
      const Tensor h_rows = h_block.slice(0, n);
      const Tensor x = logits.slice(0, n);
      kernels::gather_rows(h.value().matrix(), part(kept.rows), h_rows);
      by_W_transposed.times(h_rows, b, x);
      kernels::softmax_cross_entropy(x, part(kept.targets), smoothing, losses.data() + begin, gradient);
      if (!gradient) continue;
      by_W->times(x, {}, dh.slice(begin, n));
      product(tape, Transpose::yes, x, Transpose::no, h_rows, dW, begin > 0);
      kernels::sum_rows(x, db, begin > 0);
    }
  }
  const Tensor y = tape.tensor({1});
  double total = 0;
  for (const double loss : losses) total += loss;
  y.set(0, total);
  const auto to_bias = [b, db](const Tensor& dy) {
    const auto [sink, accumulate] = b.grad_sink();
    kernels::scale(db, dy.at(0), sink, accumulate);
  };
  const auto to_rows = [h, dh, kept](const Tensor& dy) {
    kernels::scale(dh, dy.at(0), dh, false);
    kernels::scatter_add_rows(dh, kept.rows, h.grad().matrix());
  };
  return tape.record("output_loss", y, Wrt{h, to_rows},
                     Wrt{W, [W, dW](const Tensor& dy) { W.tape().give_early_grad(W, dW, dy.at(0)); }},
                     Wrt{b, to_bias});
}

}  // namespace regard
