// "entmax": a score with alpha-entmax in the place of softmax (Peters et al. 2019): weights that are exactly 0 for
// far positions. alpha = 2 is sparsemax, and near 1 it is softmax.
//   a_t = entmax_alpha(score(h_t, h_s))
// With learned: true, alpha = 1 + sigmoid(a) is a parameter (Correia et al. 2019) that starts at the option's value.
#include <cmath>

#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

class Entmax final : public Attention {
 public:
  Entmax(ScorePtr score, double alpha, bool learned, nn::Params& params)
      : score_(std::move(score)), alpha_(alpha), a_(learned ? &params.add("a", {1}, nn::zeros) : nullptr) {}

  Var prepare(const Source& source) const override { return score_->project(source); }
  bool whole_sequence() const override { return true; }

  Attended attend(const Query& query, Var keys, const State&, const Source& source) const override {
    Tape& tape = keys.tape();
    Var alpha = tape.input({1}, {alpha_});
    if (a_ != nullptr) {
      const double start = std::log((alpha_ - 1) / (2 - alpha_));  // sigmoid(start) = alpha - 1
      alpha = add_number(sigmoid(add_number(a_->on(tape), start)), 1);
      query.watch("alpha", alpha);
    }
    const Var weights = entmax(score_->score(query, keys, source), alpha, source.lengths);
    return {context_of(weights, source), weights, {}};
  }

 private:
  ScorePtr score_;
  double alpha_;
  const nn::Param* a_;  // null: alpha is fixed
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "entmax",
    .summary = "a score with alpha-entmax for softmax: far positions get exactly 0",
    .equation = "a_t = entmax_alpha(score(h_t, h_s))   (Peters et al. 2019, eq. 10)",
    .options = {inner_score_option("the energies"),
                config::number_option("alpha", 1.5, {.low = 1, .high = 2, .low_open = true}, "",
                                      "2 is sparsemax; the nearer to 1, the fewer weights are 0"),
                config::boolean_option("learned", false,
                                       "learn alpha, from this value on; it must then be below 2")},
    .refuses =
        [](Sizes sizes, const config::Options& options) {
          if (options.boolean("learned") && options.number("alpha") >= 2)
            return std::string("with a learned alpha needs one below 2 to start from");
          return refuses_inner_score(sizes, options);
        },
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      return std::make_unique<Entmax>(make_inner_score(sizes, options, params), options.number("alpha"),
                                      options.boolean("learned"), params);
    },
});

}  // namespace
}  // namespace regard::attention
