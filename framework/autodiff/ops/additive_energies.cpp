// The energies of additive attention (Bahdanau et al. 2015, appendix A.1.2; Luong et al. 2015, eq. 8, "concat"):
//   e[b, t, s] = sum_a v[a] u,    u = tanh(q[b, t, a] + keys[b, s, a])
//   g = de[b, t, s] v[a] (1 - u^2):   dq[b, t, a] = sum_s g    dkeys[b, s, a] = sum_t g    dv[a] = sum_bts de u
// u is computed again in backward: [B, T, S, A] is never stored.
#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard {

Var additive_energies(Var q, Var keys, Var v) {
  require_rank("additive_energies", "q", q, 3);
  require_rank("additive_energies", "keys", keys, 3);
  const Index B = q.shape()[0];
  const Index T = q.shape()[1];
  const Index A = q.shape()[2];
  const Index S = keys.shape()[1];
  require_shape("additive_energies", "keys", keys, Shape{B, S, A}, "for q's batch and width");
  require_shape("additive_energies", "v", v, Shape{A}, "for q's width");
  Tape& tape = q.tape();
  const Tensor e = tape.tensor({B, T, S});
  for_rows({e, q.value(), whole(keys.value()), whole(v.value())}, 16 * S * A,
           [=]<class F>(Index row, F* energies, const F* query, const F* all_keys, const F* weights) {
             const F* const own_keys = all_keys + row / T * S * A;
             simd::additive_energies(
                 simd::AdditiveEnergies<F>{1, S, A, {query, A}, {own_keys, A}, weights, {energies, S}});
           });
  return tape.record("additive_energies", {q, keys, v}, e, [=](const Tensor& de) {
    Tape& t = q.tape();
    const auto grad_or_scratch = [&](Var x) { return x.needs_grad() ? x.grad() : t.zeros(x.shape()); };
    const Tensor dq = grad_or_scratch(q);
    const Tensor dkeys = grad_or_scratch(keys);
    const Tensor dv = t.zeros({B, A});  // by sentence, so that one thread computes each
    // One row is a sentence.
    const auto sentences = [B](const Tensor& x) { return RowView(x, B, B == 0 ? 0 : x.size() / B); };
    for_rows({dv, sentences(dq), sentences(dkeys), sentences(de), sentences(q.value()), sentences(keys.value()),
              whole(v.value())},
             16 * T * S * A,
             [=]<class F>(Index, F* to_v, F* to_q, F* to_keys, const F* g, const F* query, const F* own_keys,
                          const F* weights) {
               // Keys after the last one with a gradient of its energy are padding; their values are not used.
               Index reached = 0;
               for (Index i = 0; i < T * S; ++i) {
                 if (g[i] != 0) reached = std::max(reached, i % S + 1);
               }
               if (reached == 0) return;
               simd::additive_energies_backward(simd::AdditiveGradient<F>{
                   T, reached, A, {query, A}, {own_keys, A}, weights, {g, S}, {to_q, A}, {to_keys, A}, to_v});
             });
    if (v.needs_grad()) {
      const auto [total, accumulate] = v.grad_sink();
      kernels::sum_rows(dv, total, accumulate);
    }
  });
}

}  // namespace regard
