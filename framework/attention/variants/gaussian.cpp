// "gaussian": a score within a window whose place and width are learned (Yang et al. 2018, section 3.2, there for
// self-attention):
//   a_t(s) = softmax_s(score(h_t, h_s) - (s - p_t)^2 / (2 (D_t / 2)^2))
//   p_t = S sigmoid(v_p^T tanh(W_p h_t)),   D_t = S sigmoid(v_d^T tanh(W_p h_t))      S the sentence's own length
// Unlike in local_p, the window's width is learned too, and the weights sum to 1. The width is at least one position.
#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

constexpr double kLeast = 1;  // added to D_t, to avoid a division by zero

class Gaussian final : public Score {
 public:
  Gaussian(ScorePtr score, Sizes sizes, nn::Params& params)
      : score_(std::move(score)),
        W_p_(params.add("W_p", {sizes.query, sizes.query})),
        v_p_(params.add("v_p", {1, sizes.query})),
        v_d_(params.add("v_d", {1, sizes.query})) {}

  Var project(const Source& source) const override { return score_->project(source); }

  Var score(const Query& query, Var keys, const Source& source) const override {
    Tape& tape = query.h.tape();
    const Index B = source.h_s.shape()[0];
    const Index S = source.h_s.shape()[1];
    const Tensor lengths = tape.tensor({B, 1, 1});
    const Tensor places = tape.tensor({1, 1, S});
    for (Index b = 0; b < B; ++b) lengths.set(b, static_cast<double>(source.lengths[static_cast<std::size_t>(b)]));
    for (Index s = 0; s < S; ++s) places.set(s, static_cast<double>(s));
    const Var inner = tanh(matmul_nt(query.h, W_p_.on(tape)));
    const Var p = mul(sigmoid(matmul_nt(inner, v_p_.on(tape))), tape.input(lengths));  // [B, T, 1]
    const Var D = add_number(mul(sigmoid(matmul_nt(inner, v_d_.on(tape))), tape.input(lengths)), kLeast);
    query.watch("window", D);
    const Var away = div(sub(tape.input(places), p), D);  // [B, T, S], in widths
    const Var distance = scale(mul(away, away), 2);
    return sub(score_->score(query, keys, source), distance);
  }

 private:
  ScorePtr score_;
  const nn::Param& W_p_;
  const nn::Param& v_p_;
  const nn::Param& v_d_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "gaussian",
    .summary = "a score within a window whose place and width are learned",
    .equation =
        "a_t(s) = softmax(score(h_t, h_s) - (s - p_t)^2 / (2 (D_t / 2)^2)), p_t = S sigmoid(v_p^T tanh(W_p h_t)), "
        "D_t = S sigmoid(v_d^T tanh(W_p h_t))   (Yang et al. 2018, section 3.2)",
    .options = {inner_score_option("how positions are compared beside their distance from the window's middle")},
    .content_based = false,
    .refuses = refuses_inner_score,
    .make = [](Sizes sizes, const config::Options& options, nn::Params& params) -> ScorePtr {
      return std::make_unique<Gaussian>(make_inner_score(sizes, options, params), sizes, params);
    },
});

}  // namespace
}  // namespace regard::attention
