// "concat" score, Luong et al. 2015, eq. 8; Bahdanau et al. 2015, appendix A.1.2:
//   score(h_t, h_s) = v_a^T tanh(W_a [h_t; h_s]) = v_a^T tanh(W_q h_t + W_k h_s)
// The halves of W_a are separate, W_q [A, query] and W_k [A, key], so that the keys are projected once per batch.
// With keys: identity, h_s replaces W_k h_s, as in Luong's own experiments (footnote 15); A is then key.
#include <fmt/format.h>

#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class Concat final : public Score {
 public:
  Concat(Sizes sizes, Index width, bool identity, nn::Params& params)
      : W_q_(params.add("W_q", {width, sizes.query})),
        W_k_(identity ? nullptr : &params.add("W_k", {width, sizes.key})),
        v_a_(params.add("v_a", {width})) {}

  // h_s [B, S, key] -> keys [B, S, A]
  Var project(const Source& source) const override {
    return W_k_ == nullptr ? source.h_s : matmul_nt(source.h_s, W_k_->on(source.h_s.tape()));
  }

  // h_t [B, T, query], keys [B, S, A] -> energies [B, T, S]
  Var score(const Query& query, Var keys, const Source&) const override {
    Tape& tape = keys.tape();
    return additive_energies(matmul_nt(query.h, W_q_.on(tape)), keys, v_a_.on(tape));
  }

 private:
  const nn::Param& W_q_;
  const nn::Param* W_k_;  // null: the identity
  const nn::Param& v_a_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "concat",
    .summary = "v_a^T tanh(W_a [h_t; h_s]); an inner layer, any sizes",
    .equation = "score(h_t, h_s) = v_a^T tanh(W_a [h_t; h_s])   (Luong et al. 2015, eq. 8; Bahdanau et al. 2015)",
    .aliases = {"additive"},
    .options = {config::integer_option("hidden", 0, {0, 65536}, "units",
                                       "width A of the inner layer; 0 takes the decoder's width"),
                config::choice_option(
                    "keys", "full",
                    {{"full", "W_a whole"}, {"identity", "the half of W_a that meets h_s is the identity"}},
                    "how h_s enters the inner layer; with identity it is as wide as the encoder's "
                    "output, and hidden is 0 or that (Luong et al. 2015, footnote 15)")},
    .refuses =
        [](Sizes sizes, const config::Options& options) {
          const Index width = options.integer("hidden");
          const bool possible = options.text("keys") == "full" || width == 0 || width == sizes.key;
          return possible ? std::string()
                          : fmt::format("with keys 'identity' needs hidden 0 or the encoder's output {}, not {}",
                                        sizes.key, width);
        },
    .make = [](Sizes sizes, const config::Options& options, nn::Params& params) -> ScorePtr {
      const bool identity = options.text("keys") == "identity";
      const Index default_value = identity ? sizes.key : sizes.query;
      const Index width = options.integer("hidden");
      return std::make_unique<Concat>(sizes, width == 0 ? default_value : width, identity, params);
    },
});

}  // namespace
}  // namespace regard::attention
