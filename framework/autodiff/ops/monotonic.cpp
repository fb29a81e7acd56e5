// Expected monotonic attention (Raffel et al. 2017, section 2.4): p_s is the probability to stop at position s, a_s
// how likely the step before stopped there. In terms of q, by which there is no quotient of small products:
//   q_s = (1 - p_{s-1}) q_{s-1} + a_s,   q_0 = a_0
//   y_s = p_s q_s
//   dq_s = p_s dy_s + (1 - p_s) dq_{s+1};   dp_s = q_s (dy_s - dq_{s+1});   da_s = dq_s
// p and a are [N, S], N / B rows a sentence; positions s >= lengths[b] get 0 and are not read.
#include <fmt/format.h>

#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"

namespace regard {

Var monotonic(Var p, Var a, std::span<const Index> lengths) {
  require_rank("monotonic", "p", p, 2);
  require_same_shape("monotonic", "p", p, "a", a);
  const Index N = p.shape()[0];
  const Index S = p.shape()[1];
  const auto B = static_cast<Index>(lengths.size());
  if (B == 0 || N % B != 0) {
    throw ShapeError(fmt::format("monotonic: {} lengths for p {}", B, p.shape().text()));
  }
  require_lengths("monotonic", lengths, B, S);
  Tape& tape = p.tape();
  const Tensor y = tape.tensor({N, S});
  const Tensor q = tape.tensor({N, S});
  const std::span<const Index> own = tape.copy(lengths);
  const Index each = N / B;
  for_rows({y, q, p.value(), a.value()}, 4 * S,
           [=]<class F>(Index row, F* out, F* at, const F* stop, const F* before) {
             const Index n = own[static_cast<std::size_t>(row / each)];
             for (Index s = 0; s < n; ++s) {
               at[s] = before[s] + (s > 0 ? (1 - stop[s - 1]) * at[s - 1] : F{0});
               out[s] = stop[s] * at[s];
             }
             std::fill(out + n, out + S, F{0});
           });
  return tape.record("monotonic", {p, a}, y, [=](const Tensor& dy) {
    const bool of_p = p.needs_grad();
    const bool of_a = a.needs_grad();
    for_rows({dy, q, p.value(), of_p ? p.grad() : q, of_a ? a.grad() : q}, 6 * S,
             [=]<class F>(Index row, const F* dout, const F* at, const F* stop, F* dstop, F* dbefore) {
               F next = 0;  // dq_{s+1}
               for (Index s = own[static_cast<std::size_t>(row / each)]; s-- > 0;) {
                 if (of_p) dstop[s] += at[s] * (dout[s] - next);
                 next = stop[s] * dout[s] + (1 - stop[s]) * next;
                 if (of_a) dbefore[s] += next;
               }
             });
  });
}

}  // namespace regard
