// "hard": attention to one position (Xu et al. 2015, section 4.1), trained by the straight-through Gumbel-softmax
// (Jang et al. 2017, section 2.2):
//   in training   a_t = one-hot of the largest of score(h_t, h_s) + g_s, g_s from the Gumbel distribution, which draws
//                 s with probability softmax_s(score); its gradient is that of softmax((score + g) / temperature)
//   in use        a_t = one-hot of the largest score
#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

class Hard final : public Attention {
 public:
  Hard(ScorePtr score, double temperature) : score_(std::move(score)), temperature_(temperature) {}

  Var prepare(const Source& source) const override { return score_->project(source); }
  bool whole_sequence() const override { return true; }

  Attended attend(const Query& query, Var keys, const State&, const Source& source) const override {
    const Var energies = score_->score(query, keys, source);
    Var weights = hardmax(energies, source.lengths);
    if (source.training) {
      const Var drawn = add(energies, query.gumbel("choice", energies.shape()[2]));
      const Var soft = softmax(scale(drawn, 1 / temperature_), source.lengths);
      weights = query.straight_through(hardmax(drawn, source.lengths), soft);
      query.watch("likeliest", sum_last(mul(weights, hardmax(energies, source.lengths))));
    }
    return {context_of(weights, source), weights, {}};
  }

 private:
  ScorePtr score_;
  double temperature_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "hard",
    .summary = "one position alone: drawn in training, the likeliest one in use",
    .equation =
        "a_t = one-hot of s ~ softmax_s(score(h_t, h_s)), with the gradient of softmax((score + g) / temperature)"
        "   (Jang et al. 2017, section 2.2)",
    .options = {inner_score_option("by which a position is chosen"),
                config::number_option(
                    "temperature", 1, config::above(0), "",
                    "of the softmax that gives the gradient; low ones are closer to the choice, and "
                    "their gradients vary more")},
    .stochastic = true,
    .straight_through = true,
    .refuses = refuses_inner_score,
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      return std::make_unique<Hard>(make_inner_score(sizes, options, params), options.number("temperature"));
    },
});

}  // namespace
}  // namespace regard::attention
