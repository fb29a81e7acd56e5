// The energies of additive attention (Bahdanau et al. 2015, appendix A.1.2; Luong et al. 2015, eq. 8, "concat"):
//   e[b, t, s] = sum_a v[a] u,    u = tanh(q[b, t, a] + keys[b, s, a])
//   g = de[b, t, s] v[a] (1 - u^2):   dq[b, t, a] = sum_s g    dkeys[b, s, a] = sum_t g    dv[a] = sum_bts de u
// u is computed again in backward: [B, T, S, A] is never held.
#include <cmath>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/kernels.h"

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
        const F* const query = static_cast<const F*>(pq) + row * A;
        const F* const weight = static_cast<const F*>(pv);
        for (Index s = 0; s < S; ++s) {
          const F* const key = static_cast<const F*>(pk) + (row / T * S + s) * A;
          F energy = 0;
          for (Index a = 0; a < A; ++a) energy += weight[a] * std::tanh(query[a] + key[a]);
          static_cast<F*>(pe)[row * S + s] = energy;
        }
      });
  return tape.record("additive_energies", {q, keys, v}, e, [=](const Tensor& de) {
    Tape& t = q.tape();
    const auto grad_or_scratch = [&](Var x) { return x.needs_grad() ? x.grad() : t.zeros(x.shape()); };
    const Tensor dq = grad_or_scratch(q);
    const Tensor dkeys = grad_or_scratch(keys);
    const Tensor dv = t.zeros({B, A});  // by sentence, so that each is one thread's
    for_rows(de.type(), B, 16 * T * S * A,
             [=, pq = q.value().raw(), pk = keys.value().raw(), pv = v.value().raw(), pde = de.raw(),
              pdq = dq.raw(), pdk = dkeys.raw(), pdv = dv.raw()](auto tag, Index b) {
               using F = decltype(tag);
               const F* const weight = static_cast<const F*>(pv);
               F* const weight_grad = static_cast<F*>(pdv) + b * A;
               for (Index row = b * T; row < (b + 1) * T; ++row) {
                 const F* const query = static_cast<const F*>(pq) + row * A;
                 F* const query_grad = static_cast<F*>(pdq) + row * A;
                 for (Index s = 0; s < S; ++s) {
                   const F energy_grad = static_cast<const F*>(pde)[row * S + s];
                   if (energy_grad == 0) continue;  // padding
                   const F* const key = static_cast<const F*>(pk) + (b * S + s) * A;
                   F* const key_grad = static_cast<F*>(pdk) + (b * S + s) * A;
                   for (Index a = 0; a < A; ++a) {
                     const F u = std::tanh(query[a] + key[a]);
                     const F g = energy_grad * weight[a] * (1 - u * u);
                     query_grad[a] += g;
                     key_grad[a] += g;
                     weight_grad[a] += energy_grad * u;
                   }
                 }
               }
             });
    if (v.needs_grad()) {
      const auto [total, accumulate] = v.grad_sink();
      kernels::sum_rows(dv, total, accumulate);
    }
  });
}

}  // namespace regard
