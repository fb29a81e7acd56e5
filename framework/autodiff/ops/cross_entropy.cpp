// The sum over rows with a target >= 0 of
//   loss = logsumexp(x) - (1 - e) x[target] - e mean(x)
//   dx   = dy (softmax(x) - (1 - e) onehot(target) - e / V)
// e: label smoothing (Szegedy et al. 2016, section 7)
#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/kernels_loss.h"

namespace regard {

Var cross_entropy(Var logits, std::span<const Index> targets, double smoothing) {
  const Index rows = logits.shape().rows();
  require_targets("cross_entropy", targets, rows, logits.shape().cols());
  require_share("cross_entropy", "smoothing", smoothing);
  Tape& tape = logits.tape();
  Tensor dx = logits.value();  // without a gradient the kernel only reads
  if (logits.needs_grad()) {
    dx = tape.tensor(logits.shape());
    kernels::copy(logits.value(), dx);
  }
  const auto losses = tape.allocate_span<double>(rows);
  kernels::softmax_cross_entropy(dx, targets, smoothing, losses.data(), logits.needs_grad());
  const Tensor y = tape.tensor({1});
  double total = 0;
  for (const double loss : losses) total += loss;
  y.set(0, total);
  return tape.record("cross_entropy", y, Wrt{logits, [logits, dx](const Tensor& dy) {
                                               const auto [grad, accumulate] = logits.grad_sink();
                                               kernels::scale(dx, dy.at(0), grad, accumulate);
                                             }});
}

}  // namespace regard
