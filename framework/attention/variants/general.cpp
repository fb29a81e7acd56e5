// "general" score, Luong et al. 2015, eq. 8:   score(h_t, h_s) = h_t^T W_a h_s
// W_a [query, key] bridges decoder and encoder of different sizes.
#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class General final : public Score {
 public:
  General(Sizes sizes, nn::Params& params) : W_a_(params.add("W_a", {sizes.query, sizes.key})) {}

  // h_s [B, S, key] -> keys [B, S, query]; once per batch, so that each step is one product.
  Var project(const Source& source) const override { return matmul_nt(source.h_s, W_a_.on(source.h_s.tape())); }

  // h_t [B, T, query], keys [B, S, query] -> energies [B, T, S]
  Var score(const Query& query, Var keys, const Source&) const override {
    return batched_matmul_nt(query.h, keys);
  }

 private:
  const nn::Param& W_a_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "general",
    .summary = "h_t^T W_a h_s; one matrix, any sizes",
    .equation = "score(h_t, h_s) = h_t^T W_a h_s   (Luong et al. 2015, eq. 8)",
    .make = [](Sizes sizes, const config::Options&, nn::Params& params) -> ScorePtr {
      return std::make_unique<General>(sizes, params);
    },
});

}  // namespace
}  // namespace regard::attention
