// "concat" score, Luong et al. 2015, eq. 8; Bahdanau et al. 2015, appendix A.1.2:
//   score(h_t, h_s) = v_a^T tanh(W_a [h_t; h_s]) = v_a^T tanh(W_q h_t + W_k h_s)
// The halves of W_a stand apart: W_q [A, query], W_k [A, key], so that the keys are projected once per batch.
#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class Concat final : public Score {
 public:
  Concat(Sizes sizes, Index width, nn::Params& params)
      : W_q_(params.add("W_q", {width, sizes.query})),
        W_k_(params.add("W_k", {width, sizes.key})),
        v_a_(params.add("v_a", {width})) {}

  // h_s [B, S, key] -> keys [B, S, A]
  Var project(const Source& source) const override { return matmul_nt(source.h_s, W_k_.on(source.h_s.tape())); }

  // h_t [B, T, query], keys [B, S, A] -> energies [B, T, S]
  Var score(const Query& query, Var keys, const Source&) const override {
    Tape& tape = keys.tape();
    return additive_energies(matmul_nt(query.h, W_q_.on(tape)), keys, v_a_.on(tape));
  }

 private:
  const nn::Param& W_q_;
  const nn::Param& W_k_;
  const nn::Param& v_a_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "concat",
    .summary = "v_a^T tanh(W_a [h_t; h_s]); an inner layer, any sizes",
    .equation = "score(h_t, h_s) = v_a^T tanh(W_a [h_t; h_s])   (Luong et al. 2015, eq. 8; Bahdanau et al. 2015)",
    .aliases = {"additive"},
    .options = {config::integer_option("hidden", 0, {0, 65536}, "units",
                                       "width A of the inner layer; 0 takes the decoder's width")},
    .make = [](Sizes sizes, const config::Options& options, nn::Params& params) -> ScorePtr {
      const Index width = options.integer("hidden");
      return std::make_unique<Concat>(sizes, width == 0 ? sizes.query : width, params);
    },
});

}  // namespace
}  // namespace regard::attention
