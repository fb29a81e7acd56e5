//   straight_through   y = hard          dsoft = dy      hard, a constant, gets no gradient
// The gradient is biased on purpose (Bengio et al. 2013, section 3): y may be a choice, which has none.
#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"

namespace regard {

Var straight_through(Var hard, Var soft) {
  require_same_shape("straight_through", "hard", hard, "soft", soft);
  return soft.tape().record("straight_through", hard.value(),
                            Wrt{soft, [soft](const Tensor& dy) {
                                  const auto [dsoft, accumulate] = soft.grad_sink_over(dy);
                                  elementwise(
                                      dsoft, accumulate, [](auto g) { return g; }, dy);
                                }});
}

}  // namespace regard
