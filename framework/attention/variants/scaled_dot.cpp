// "scaled_dot", Vaswani et al. 2017, section 3.2.1:   score(h_t, h_s) = h_t^T h_s / sqrt(d), d the width of both
// Without the root, energies of wide states are so far apart that softmax hardly has a gradient.
#include <cmath>

#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class ScaledDot final : public Score {
 public:
  // h_t [B, T, d], h_s [B, S, d] -> energies [B, T, S]; the smaller factor is scaled.
  Var score(const Query& query, Var keys, const Source&) const override {
    return batched_matmul_nt(scale(query.h, 1 / std::sqrt(static_cast<double>(query.h.shape()[2]))), keys);
  }
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "scaled_dot",
    .summary = "h_t^T h_s / sqrt(d); no parameters, equal sizes",
    .equation = "score(h_t, h_s) = h_t^T h_s / sqrt(d)   (Vaswani et al. 2017, section 3.2.1)",
    .refuses = refuses_unequal,
    .make = [](Sizes, const config::Options&, nn::Params&) -> ScorePtr { return std::make_unique<ScaledDot>(); },
});

}  // namespace
}  // namespace regard::attention
