// "dot" score, Luong et al. 2015, eq. 8:   score(h_t, h_s) = h_t^T h_s
// No parameters; decoder and encoder must be equally wide.
#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class Dot final : public Score {
 public:
  // h_t [B, T, query], h_s [B, S, key] -> energies [B, T, S]
  Var score(const Query& query, Var keys, const Source&) const override {
    return batched_matmul_nt(query.h, keys);
  }
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "dot",
    .summary = "h_t^T h_s; no parameters, equal sizes",
    .equation = "score(h_t, h_s) = h_t^T h_s   (Luong et al. 2015, eq. 8)",
    .refuses = refuses_unequal,
    .make = [](Sizes, const config::Options&, nn::Params&) -> ScorePtr { return std::make_unique<Dot>(); },
});

}  // namespace
}  // namespace regard::attention
