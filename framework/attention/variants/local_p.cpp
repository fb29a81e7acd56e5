// "local_p", Luong et al. 2015, section 3.2:
//   p_t    = S sigmoid(v_p^T tanh(W_p h_t))                       S the sentence's own length
//   a_t(s) = align(h_t, h_s) exp(-(s - p_t)^2 / (2 sigma^2))      sigma = D / 2, s counted from 0
// align is the softmax of the score over p_t - D <= s <= p_t + D. The product is not normalised again, as in the
// paper, so the weights sum to at most 1. Where p_t passes the place at which a position enters the window, a_t
// jumps.
#include <algorithm>
#include <cmath>

#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

class LocalP final : public Attention {
 public:
  LocalP(ScorePtr score, Sizes sizes, Index D, nn::Params& params)
      : score_(std::move(score)),
        W_p_(params.add("W_p", {sizes.query, sizes.query})),
        v_p_(params.add("v_p", {1, sizes.query})),
        D_(D) {}

  Var prepare(const Source& source) const override { return score_->project(source); }
  bool whole_sequence() const override { return true; }

  Attended attend(const Query& query, Var keys, const State&, const Source& source) const override {
    Tape& tape = keys.tape();
    const Var energies = score_->score(query, keys, source);  // [B, T, S]
    const Index B = energies.shape()[0];
    const Index T = energies.shape()[1];
    const Index S = energies.shape()[2];
    const Tensor lengths = tape.tensor({B, 1, 1});
    const Tensor places = tape.tensor({1, 1, S});
    for (Index b = 0; b < B; ++b) lengths.set(b, static_cast<double>(source.lengths[static_cast<std::size_t>(b)]));
    for (Index s = 0; s < S; ++s) places.set(s, static_cast<double>(s));
    const Var p_t = mul(sigmoid(matmul_nt(tanh(matmul_nt(query.h, W_p_.on(tape))), v_p_.on(tape))),
                        tape.input(lengths));  // [B, T, 1]

    const auto begins = tape.allocate_span<Index>(B * T);
    const auto ends = tape.allocate_span<Index>(B * T);
    for (Index row = 0; row < B * T; ++row) {
      const Index last = source.lengths[static_cast<std::size_t>(row / T)] - 1;
      const double centre = p_t.value().at(row);  // NaN, where training went wrong, finds the whole sentence
      const auto place = [&](double s, Index otherwise) {
        return std::isfinite(s) ? std::clamp<Index>(static_cast<Index>(s), 0, last) : otherwise;
      };
      begins[static_cast<std::size_t>(row)] = place(std::ceil(centre - static_cast<double>(D_)), 0);
      ends[static_cast<std::size_t>(row)] = place(std::floor(centre + static_cast<double>(D_)), last) + 1;
    }
    const Var away = sub(tape.input(places), p_t);  // [B, T, S]
    const double sigma = static_cast<double>(D_) / 2;
    const Var gaussian = exp(scale(mul(away, away), -1 / (2 * sigma * sigma)));
    const Var weights = mul(window_softmax(energies, begins, ends), gaussian);
    return {context_of(weights, source), weights, {}};
  }

 private:
  ScorePtr score_;
  const nn::Param& W_p_;
  const nn::Param& v_p_;
  Index D_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "local_p",
    .summary = "softmax of a score within D positions of a predicted p_t, times a Gaussian around it",
    .equation =
        "a_t(s) = softmax score(h_t, h_s) exp(-(s - p_t)^2 / (2 (D/2)^2)), p_t = S sigmoid(v_p^T tanh(W_p h_t))"
        "   (Luong et al. 2015, section 3.2, local-p)",
    .options = {inner_score_option("how positions of the window are compared"),
                config::integer_option("D", 10, {1, 65536}, "positions", "half the window; the paper has 10")},
    .content_based = false,
    .normalised = false,
    .refuses = refuses_inner_score,
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      return std::make_unique<LocalP>(make_inner_score(sizes, options, params), sizes, options.integer("D"),
                                      params);
    },
});

}  // namespace
}  // namespace regard::attention
