// "forward", Zhang et al. 2018, "Forward attention in sequence-to-sequence acoustic modelling", algorithm 1:
//   a_t(s) is proportional to (a_{t-1}(s) + a_{t-1}(s-1)) y_t(s)      y_t = softmax of the score; a_0 = 1 at s = 0
// so at each step attention stays at its position or moves to the next one. With a transition agent (their section 3.2)
// it learns when to move:
//   a_t(s) is proportional to ((1 - u_{t-1}) a_{t-1}(s) + u_{t-1} a_{t-1}(s-1)) y_t(s)
//   u_t = sigmoid(w_u^T [c_t; h_t] + b_u),   u_0 = 1/2
// 1e-10 is added to each factor in brackets, so that a weight that became 0 can grow again. Their code adds 1e-8; over a
// thousand positions that is more than the rounding error of float.
#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

constexpr double kLeast = 1e-10;

class Forward final : public Attention {
 public:
  Forward(ScorePtr score, Sizes sizes, bool agent, nn::Params& params)
      : score_(std::move(score)),
        w_u_(agent ? &params.add("w_u", {1, sizes.key + sizes.query}) : nullptr),
        b_u_(agent ? &params.add("b_u", {1}, nn::zeros) : nullptr) {}

  Var prepare(const Source& source) const override { return score_->project(source); }

  State start(const Source& source) const override {
    State state;
    state.rows[0] = at_first_position(source);
    state.count = 1;
    if (w_u_ == nullptr) return state;
    Tape& tape = source.h_s.tape();
    const Index B = source.h_s.shape()[0];
    const Tensor u = tape.tensor({B, 1});
    for (Index b = 0; b < B; ++b) u.set(b, 0.5);
    state.rows[1] = tape.input(u);
    state.count = 2;
    return state;
  }

  // T = K hypotheses of one position; the state has N = B K rows.
  Attended attend(const Query& query, Var keys, const State& state, const Source& source) const override {
    Tape& tape = keys.tape();
    const Index B = source.h_s.shape()[0];
    const Index S = source.h_s.shape()[1];
    const Index K = query.h.shape()[1];
    const Var stays = state.rows[0];  // [N, S]
    const Var zero = tape.input(tape.zeros({B * K, 1}));
    const Var moves = S == 1 ? zero : concat(zero, slice_last(stays, 0, S - 1));
    Var reached;
    if (w_u_ == nullptr) {
      reached = add(stays, moves);
    } else {
      query.watch("moves", reshape(state.rows[1], {B, K, 1}));
      reached = add(stays, mul(sub(moves, stays), state.rows[1]));
    }
    const Var y = softmax(score_->score(query, keys, source), source.lengths);
    const Var products = mul(reshape(add_number(reached, kLeast), {B, K, S}), y);
    const Var weights = div(products, sum_last(products));
    const Var context = context_of(weights, source);
    State next = state;
    next.rows[0] = reshape(weights, {B * K, S});
    if (w_u_ != nullptr) {
      const Var seen = concat(context, query.h);
      next.rows[1] = sigmoid(affine(reshape(seen, {B * K, seen.shape()[2]}), w_u_->on(tape), b_u_->on(tape)));
    }
    return {context, weights, next};
  }

 private:
  ScorePtr score_;
  const nn::Param* w_u_;  // null without an agent
  const nn::Param* b_u_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "forward",
    .summary = "attention that stays or goes on by one position, step by step",
    .equation =
        "a_t(s) ~ (a_{t-1}(s) + a_{t-1}(s-1)) softmax_s(score(h_t, h_s))   (Zhang et al. 2018, algorithm 1)",
    .options = {inner_score_option("the score of y_t"),
                config::boolean_option("agent", false,
                                       "learn when to go on (their transition agent); it has few parameters")},
    .content_based = false,
    .refuses = refuses_inner_score,
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      return std::make_unique<Forward>(make_inner_score(sizes, options, params), sizes, options.boolean("agent"),
                                       params);
    },
});

}  // namespace
}  // namespace regard::attention
