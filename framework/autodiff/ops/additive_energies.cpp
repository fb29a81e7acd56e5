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
  for_rows(
      e.type(), B * T, 16 * S * A,
      [=, pq = q.value().raw(), pk = keys.value().raw(), pv = v.value().raw(), pe = e.raw()](auto tag, Index row) {
        using F = decltype(tag);
        simd::additive_energies(simd::AdditiveEnergies<F>{1,
                                                          S,
                                                          A,
                                                          {static_cast<const F*>(pq) + row * A, A},
                                                          {static_cast<const F*>(pk) + row / T * S * A, A},
                                                          static_cast<const F*>(pv),
                                                          {static_cast<F*>(pe) + row * S, S}});
      });
  return tape.record("additive_energies", {q, keys, v}, e, [=](const Tensor& de) {
    Tape& t = q.tape();
    const auto grad_or_scratch = [&](Var x) { return x.needs_grad() ? x.grad() : t.zeros(x.shape()); };
    const Tensor dq = grad_or_scratch(q);
    const Tensor dkeys = grad_or_scratch(keys);
    const Tensor dv = t.zeros({B, A});  // by sentence, so that one thread computes each
    for_rows(de.type(), B, 16 * T * S * A,
             [=, pq = q.value().raw(), pk = keys.value().raw(), pv = v.value().raw(), pde = de.raw(),
              pdq = dq.raw(), pdk = dkeys.raw(), pdv = dv.raw()](auto tag, Index b) {
               using F = decltype(tag);
               // Keys after the last one with a gradient of its energy are padding; their values are not used.
               Index reached = 0;
               for (Index i = 0; i < T * S; ++i) {
                 if (static_cast<const F*>(pde)[b * T * S + i] != 0) reached = std::max(reached, i % S + 1);
               }
               if (reached == 0) return;
               const auto at = [&](const void* x, Index row) { return static_cast<const F*>(x) + row; };
               const auto into = [&](void* x, Index row) { return static_cast<F*>(x) + row; };
               simd::additive_energies_backward(simd::AdditiveGradient<F>{T,
                                                                          reached,
                                                                          A,
                                                                          {at(pq, b * T * A), A},
                                                                          {at(pk, b * S * A), A},
                                                                          at(pv, 0),
                                                                          {at(pde, b * T * S), S},
                                                                          {into(pdq, b * T * A), A},
                                                                          {into(pdk, b * S * A), A},
                                                                          into(pdv, b * A)});
             });
    if (v.needs_grad()) {
      const auto [total, accumulate] = v.grad_sink();
      kernels::sum_rows(dv, total, accumulate);
    }
  });
}

}  // namespace regard
