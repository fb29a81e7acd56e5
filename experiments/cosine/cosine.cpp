// "cosine": the angle between decoder state and projected encoder state, with a learned temperature.
//   score(h_t, h_s) = e^tau cos(h_t, W_a h_s)        tau starts at ln 10
// Lengths of states have no effect; tau, one number, sets how sharp weights are (Radford et al. 2021, sec. 2.3).
#include <cmath>

#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

Var unit(Var x) { return div(x, sqrt(add_number(sum_last(mul(x, x)), 1e-12))); }

class Cosine final : public Score {
 public:
  Cosine(Sizes sizes, nn::Params& params)
      : W_a_(params.add("W_a", {sizes.query, sizes.key})),
        tau_(params.add("tau", {1}, [](const Key&, const Tensor& value) { value.set(0, std::log(10.0)); })) {}

  Var project(const Source& src) const override { return unit(matmul_nt(src.h_s, W_a_.on(src.h_s.tape()))); }
  Var score(const Query& query, Var keys, const Source&) const override {
    return mul(batched_matmul_nt(unit(query.h), keys), exp(tau_.on(keys.tape())));
  }

 private:
  const nn::Param& W_a_;
  const nn::Param& tau_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "cosine",
    .summary = "e^tau cos(h_t, W_a h_s); a learned temperature, any sizes",
    .equation = "score(h_t, h_s) = e^tau cos(h_t, W_a h_s)   (after Radford et al. 2021, section 2.3)",
    .make = [](Sizes sizes, const config::Options&, nn::Params& params) -> ScorePtr {
      return std::make_unique<Cosine>(sizes, params);
    },
});

}  // namespace
}  // namespace regard::attention
