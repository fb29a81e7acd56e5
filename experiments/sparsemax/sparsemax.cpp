// "sparsemax": weights that are exactly 0 for most positions (Martins and Astudillo 2016).
//   a_t = sparsemax(z),   z_s = h_t^T W_a h_s,   sparsemax(z) = the point of the simplex nearest to z
// This file defines the op and its gradient, using regard's public headers.
#include <algorithm>
#include <functional>

#include "framework/attention/registry.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"

namespace regard::attention {
namespace {

//   y_s  = max(z_s - tau, 0), tau such that the y_s sum to 1      (their algorithm 1)
//   dz_s = dy_s - the mean of dy over the support {y > 0} for s in it; 0 elsewhere      (their eq. 14)
// z [B, T, S] -> y [B, T, S]; positions s >= lengths[b] are not read and get 0. The gradient has kinks where a
// position enters the support.
Var sparsemax(Var z, std::span<const Index> lengths) {
  require_rank("sparsemax", "z", z, 3);
  require_lengths("sparsemax", lengths, z.shape()[0], z.shape()[2]);
  Tape& tape = z.tape();
  const Tensor y = tape.tensor(z.shape());
  const Index T = z.shape()[1];
  const Index S = z.shape()[2];
  const std::span<const Index> kept = tape.copy(lengths);  // closures hold no vectors: integers go on the tape
  // F is float in training, double in a gradient check.
  for_rows({y, z.value()}, 16 * S, [=]<class F>(Index row, F* out, const F* in) {
    const Index length = kept[static_cast<std::size_t>(row / T)];
    const F largest = *std::max_element(in, in + length);  // subtracted, so that large energies lose no digits
    for (Index s = 0; s < length; ++s) out[s] = in[s] - largest;
    std::sort(out, out + length, std::greater<F>());
    F sum = 0, tau = 0;
    for (Index k = 0; k < length; ++k) {
      sum += out[k];
      if (1 + static_cast<F>(k + 1) * out[k] > sum) tau = (sum - 1) / static_cast<F>(k + 1);
    }
    for (Index s = 0; s < length; ++s) out[s] = std::max(in[s] - largest - tau, F{0});
    std::fill(out + length, out + S, F{0});
  });
  return tape.record("sparsemax", y,
                     Wrt{z, [=](const Tensor& dy) {
                           const auto [dz, accumulate] = z.grad_sink();
                           for_rows({dz, y, dy}, 4 * S,
                                    [S, add = accumulate]<class F>(Index, F* din, const F* out, const F* dout) {
                                      F sum = 0, count = 0;
                                      for (Index s = 0; s < S; ++s) {
                                        if (out[s] > 0) sum += dout[s], count += 1;
                                      }
                                      for (Index s = 0; s < S; ++s) {
                                        const F own = out[s] > 0 ? dout[s] - sum / count : F{0};
                                        din[s] = add ? din[s] + own : own;
                                      }
                                    });
                         }});
}

class Sparsemax final : public Attention {
 public:
  Sparsemax(Sizes sizes, nn::Params& params) : W_a_(params.add("W_a", {sizes.query, sizes.key})) {}

  Var prepare(const Source& source) const override { return matmul_nt(source.h_s, W_a_.on(source.h_s.tape())); }
  bool whole_sequence() const override { return true; }

  Attended attend(const Query& query, Var keys, const State&, const Source& source) const override {
    const Var weights = sparsemax(batched_matmul_nt(query.h, keys), source.lengths);
    return {context_of(weights, source), weights, {}};
  }

 private:
  const nn::Param& W_a_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "sparsemax",
    .summary = "general, with sparsemax in the place of softmax: most weights are exactly 0; any sizes",
    .equation = "a_t = sparsemax(h_t^T W_a h_s)   (Martins and Astudillo 2016, eq. 2)",
    .make_attention = [](Sizes sizes, const config::Options&, nn::Params& params) -> AttentionPtr {
      return std::make_unique<Sparsemax>(sizes, params);
    },
});

}  // namespace
}  // namespace regard::attention
