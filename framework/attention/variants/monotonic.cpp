// "monotonic", Raffel et al. 2017: at each step attention goes on from the position where it was and stops at position
// s with probability p_t(s) = sigmoid(score(h_t, h_s) + r).
//   in training   the expected weights: a_t(s) = p_t(s) sum_{k <= s} a_{t-1}(k) prod_{l = k}^{s-1} (1 - p_t(l)), with
//                 noise from N(0, 1) added to the energies, which makes them large of either sign (their section 2.4)
//   in use        one-hot of the first position from the last one on with p_t(s) > 1/2; no position, no context
// With chunk: w > 1 (Chiu and Raffel 2018, MoChA) softmax attention over the w positions that end where it stops:
//   b_t(s) = sum_{k = s}^{s+w-1} a_t(k) exp(u_ts) / sum_{l = k-w+1}^{k} exp(u_tl),   u_ts a score of its own
// The weights sum to at most 1.
#include <algorithm>

#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

class Monotonic final : public Attention {
 public:
  Monotonic(ScorePtr score, ScorePtr chunk_score, Index chunk, double offset, nn::Params& params)
      : score_(std::move(score)),
        chunk_score_(std::move(chunk_score)),
        r_(params.add("r", {1}, nn::zeros)),
        chunk_(chunk),
        offset_(offset) {}

  // The keys of both scores side by side.
  Var prepare(const Source& source) const override {
    const Var keys = score_->project(source);
    return chunk_score_ == nullptr ? keys : concat(keys, chunk_score_->project(source));
  }

  State start(const Source& source) const override {
    State state;
    state.rows[0] = at_first_position(source);
    state.count = 1;
    return state;
  }

  // T = K hypotheses of one position; the state has N = B K rows.
  Attended attend(const Query& query, Var prepared, const State& state, const Source& source) const override {
    Tape& tape = prepared.tape();
    const Index B = source.h_s.shape()[0];
    const Index S = source.h_s.shape()[1];
    const Index K = query.h.shape()[1];
    const Index width = chunk_score_ == nullptr ? prepared.shape()[2] : prepared.shape()[2] / 2;
    const Var keys = chunk_score_ == nullptr ? prepared : slice_last(prepared, 0, width);
    Var energies = add_number(add(score_->score(query, keys, source), r_.on(tape)), offset_);
    State next;
    next.count = 1;
    Var stops;  // [N, S]
    if (source.training) {
      energies = add(energies, query.normal("noise", S));
      stops = monotonic(reshape(sigmoid(energies), {B * K, S}), state.rows[0], source.lengths);
      query.watch("stopped", reshape(sum_last(stops), {B, K, 1}));
      next.rows[0] = stops;
    } else {
      const Tensor place = tape.zeros({B * K, S});
      const Tensor last = tape.zeros({B * K, S});
      for (Index n = 0; n < B * K; ++n)
        stop(energies.value(), state.rows[0].value(), source, n, n / K, place, last);
      stops = tape.input(place);
      next.rows[0] = tape.input(last);
    }
    Var weights = reshape(stops, {B, K, S});
    if (chunk_score_ != nullptr) weights = spread(query, slice_last(prepared, width, width), weights, source);
    return {context_of(weights, source), weights, next};
  }

 private:
  // Finds the position where one hypothesis stops in translation, if it does, and the position where its next step
  // starts.
  static void stop(const Tensor& energies, const Tensor& before, const Source& source, Index row, Index sentence,
                   const Tensor& place, const Tensor& last) {
    const Index S = energies.cols();
    Index from = 0;
    while (from + 1 < S && before.at(row * S + from) == 0) ++from;
    Index s = from;
    const Index length = source.lengths[static_cast<std::size_t>(sentence)];
    while (s < length && !(energies.at(row * S + s) > 0)) ++s;
    if (s < length) place.set(row * S + s, 1);
    last.set(row * S + (s < length ? s : from), 1);
  }

  // b_t from a_t [B, K, S]: a softmax over each chunk, by the position where it ends.
  Var spread(const Query& query, Var keys, Var stops, const Source& source) const {
    Tape& tape = keys.tape();
    const Shape shape = stops.shape();
    const Index N = shape[0] * shape[1];
    const Index S = shape[2];
    const Var u = reshape(chunk_score_->score(query, keys, source), {N, 1, S});
    const auto begins = tape.allocate_span<Index>(N * S);
    const auto ends = tape.allocate_span<Index>(N * S);
    for (Index i = 0; i < N * S; ++i) {
      // A chunk that ends on padding has no weight; it must only not be empty.
      const Index end = std::min(i % S + 1, source.lengths[static_cast<std::size_t>(i / S / shape[1])]);
      ends[static_cast<std::size_t>(i)] = end;
      begins[static_cast<std::size_t>(i)] = std::max<Index>(end - chunk_, 0);
    }
    const Var chunks = window_softmax(add(u, tape.input(tape.zeros({1, S, 1}))), begins, ends);  // [N, S, S]
    return reshape(batched_matmul(reshape(stops, {N, 1, S}), chunks), shape);
  }

  ScorePtr score_;
  ScorePtr chunk_score_;  // null: no chunks
  const nn::Param& r_;
  Index chunk_;
  double offset_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "monotonic",
    .summary = "goes on from where it was and stops once: expected weights in training, one position in use",
    .equation =
        "a_t(s) = p_t(s) sum_{k <= s} a_{t-1}(k) prod_{l = k}^{s-1} (1 - p_t(l)), p_t(s) = sigmoid(score(h_t, h_s) "
        "+ r)   (Raffel et al. 2017, eq. 8; in chunks Chiu and Raffel 2018, eq. 12)",
    .options = {inner_score_option("of p_t, and of the chunks, each with parameters of its own"),
                config::integer_option("chunk", 1, {1, 65536}, "positions",
                                       "w: more than 1 attends softly to the positions that end where it stops"),
                config::number_option("offset", -1, config::any_number(), "",
                                      "what r starts from: lower ones look further along the source at first")},
    .content_based = false,
    .normalised = false,
    .stochastic = true,
    .refuses = refuses_inner_score,
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      const Index chunk = options.integer("chunk");
      ScorePtr score = make_inner_score(sizes, options, params);
      nn::Params of_chunk = params.scope("chunk");
      ScorePtr chunk_score = chunk > 1 ? make_inner_score(sizes, options, of_chunk) : nullptr;
      return std::make_unique<Monotonic>(std::move(score), std::move(chunk_score), chunk, options.number("offset"),
                                         params);
    },
});

}  // namespace
}  // namespace regard::attention
