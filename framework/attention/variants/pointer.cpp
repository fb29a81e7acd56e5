// "pointer": attention whose weights also say which word of the source to write (See et al. 2017, section 2.2; the
// idea of copying is that of Gu et al. 2016):
//   p(w) = g_t p_vocabulary(w) + (1 - g_t) sum of a_t(s) over the positions s whose word is w
//   g_t = sigmoid(w_c^T c_t + w_h^T h_t + w_y^T y_{t-1} + b)             a_t, c_t the weights and context of a score
// Words of the source that are not in the vocabulary can be written, for example names. Their loss for looking at the same
// position again is training.attention_coverage.
#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

class Pointer final : public Attention {
 public:
  Pointer(ScorePtr score, Sizes sizes, nn::Params& params)
      : score_(std::move(score)),
        w_(params.add("w", {1, sizes.key + sizes.query + sizes.embedding})),
        b_(params.add("b", {1}, nn::zeros)) {}

  Var prepare(const Source& source) const override { return score_->project(source); }
  bool whole_sequence() const override { return true; }

  Attended attend(const Query& query, Var keys, const State&, const Source& source) const override {
    Tape& tape = keys.tape();
    Attended attended;
    attended.weights = softmax(score_->score(query, keys, source), source.lengths);
    attended.context = context_of(attended.weights, source);
    const Var seen = concat(concat(attended.context, query.h), query.previous_embedded());
    const Var z = affine(seen, w_.on(tape), b_.on(tape));  // [B, T, 1]
    attended.generate = sigmoid(z);
    attended.copies = mul(attended.weights, sigmoid(scale(z, -1)));
    query.watch("generated", attended.generate);
    return attended;
  }

 private:
  ScorePtr score_;
  const nn::Param& w_;
  const nn::Param& b_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "pointer",
    .summary = "a score whose weights also copy words of the source, unknown ones among them",
    .equation =
        "p(w) = g_t p_vocabulary(w) + (1 - g_t) sum_{s: x_s = w} a_t(s), g_t = sigmoid(w^T [c_t; h_t; y_{t-1}] + b)"
        "   (See et al. 2017, eq. 8 and 9)",
    .options = {inner_score_option("of the weights")},
    .extends_vocabulary = true,
    .refuses = refuses_inner_score,
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      return std::make_unique<Pointer>(make_inner_score(sizes, options, params), sizes, params);
    },
});

}  // namespace
}  // namespace regard::attention
