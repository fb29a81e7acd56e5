#include "framework/models/copying.h"

#include <algorithm>
#include <cmath>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/kernels_loss.h"

namespace regard::models {
namespace {

constexpr double kLeast = 1e-30;  // a probability of zero costs much, not infinity

}  // namespace

//   dlogits_j = share (softmax_j - [j = target]),  share = generate softmax_target / p
//   dgenerate = -softmax_target / p;   dcopied = -1 / p
Var mixture_loss(Var logits, Var generate, Var copied, std::span<const Index> targets) {
  require_rank("mixture_loss", "logits", logits, 2);
  const Index R = logits.shape()[0];
  const Index V = logits.shape()[1];
  require_shape("mixture_loss", "generate", generate, Shape{R, 1}, "for the rows of logits");
  require_shape("mixture_loss", "copied", copied, Shape{R, 1}, "for the rows of logits");
  check(static_cast<Index>(targets.size()) == R, "mixture_loss: a target for each row");
  Tape& tape = logits.tape();
  struct Row {
    Index target;      // -1: beyond the vocabulary
    double log_sum;    // of exp(logits)
    double generated;  // softmax at the target
    double p;
  };
  const auto rows = tape.allocate_span<Row>(R);
  for_rows({logits.value(), generate.value(), copied.value()}, 8 * V,
           [=]<class F>(Index r, const F* row, const F* g, const F* c) {
             const auto at = static_cast<std::size_t>(r);
             Row& out = rows[at];
             out.target = targets[at] < V ? targets[at] : -1;
             out.log_sum = kernels::log_sum_exp(V, row);
             out.generated = out.target < 0 ? 0 : std::exp(static_cast<double>(row[out.target]) - out.log_sum);
             const double p = static_cast<double>(*g) * out.generated + static_cast<double>(*c);
             out.p = std::max(p, kLeast);
           });
  double total = 0;
  for (const Row& row : rows) total -= std::log(row.p);
  const Tensor y = tape.tensor({1});
  y.set(0, total);
  return tape.record("mixture_loss", {logits, generate, copied}, y, [=](const Tensor& dy) {
    const double d = dy.at(0);
    const bool of_x = logits.needs_grad();
    const bool of_g = generate.needs_grad();
    const bool of_c = copied.needs_grad();
    for_rows({logits.value(), generate.value(), of_x ? logits.grad() : logits.value(),
              of_g ? generate.grad() : generate.value(), of_c ? copied.grad() : copied.value()},
             8 * V, [=]<class F>(Index r, const F* row, const F* g, F* out, F* to_g, F* to_c) {
               const Row& at = rows[static_cast<std::size_t>(r)];
               if (of_g) *to_g -= static_cast<F>(d * at.generated / at.p);
               if (of_c) *to_c -= static_cast<F>(d / at.p);
               const double share = static_cast<double>(*g) * at.generated / at.p;
               if (!of_x || share == 0) return;
               for (Index j = 0; j < V; ++j)
                 out[j] += static_cast<F>(d * share * std::exp(static_cast<double>(row[j]) - at.log_sum));
               out[at.target] -= static_cast<F>(d * share);
             });
  });
}

Var copied_of(Var copies, const CopyWords& words, std::span<const Index> sentences,
              std::span<const Index> targets) {
  Tape& tape = copies.tape();
  const Index S = copies.shape()[1];
  const Tensor same = tape.zeros(copies.shape());
  for (std::size_t r = 0; r < targets.size(); ++r) {
    for (Index s = 0; s < S; ++s) {
      if (words.ids[static_cast<std::size_t>(sentences[r] * S + s)] == targets[r])
        same.set(static_cast<Index>(r) * S + s, 1);
    }
  }
  return sum_last(mul(copies, tape.input(same)));
}

Tensor mixture_log_probabilities(const Tensor& logits, const Tensor& generate, const Tensor& copies,
                                 const CopyWords& words, std::span<const Index> sentences, Tape& tape) {
  const Index R = logits.rows();
  const Index V = logits.cols();
  const Index all = V + words.further;
  const Index S = copies.cols();
  const Tensor y = tape.tensor({R, all});
  for_rows({y, logits, generate, copies}, 16 * all,
           [=, ids = words.ids]<class F>(Index r, F* out, const F* row, const F* g, const F* copied) {
             const double log_sum = kernels::log_sum_exp(V, row);
             const auto share = static_cast<double>(*g);
             for (Index j = 0; j < V; ++j)
               out[j] = static_cast<F>(share * std::exp(static_cast<double>(row[j]) - log_sum));
             std::fill(out + V, out + all, F{0});
             for (Index s = 0; s < S; ++s) {
               const Index id = ids[static_cast<std::size_t>(sentences[static_cast<std::size_t>(r)] * S + s)];
               if (id >= 0) out[id] += copied[s];
             }
             for (Index j = 0; j < all; ++j)
               out[j] = static_cast<F>(std::log(std::max(static_cast<double>(out[j]), kLeast)));
           });
  return y;
}

}  // namespace regard::models
