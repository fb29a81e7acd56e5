#include "framework/models/decoder.h"

#include <fmt/format.h>

#include <algorithm>

namespace regard::models {

Decoder::Decoder(Index vocabulary, Index embedding, Index hidden, Index key, const EncoderOptions& encoder,
                 const DecoderOptions& options, const DropoutOptions& dropout, attention::AttentionPtr attention,
                 nn::Params params)
    : embedding_(vocabulary, embedding, params.scope("embedding")),
      attention_(std::move(attention)),
      options_(options),
      dropout_(dropout),
      hidden_(hidden) {
  for (Index at = 0; at < options.layers; ++at) {
    layers_.emplace_back(at == 0 ? embedding : hidden, hidden, params.scope(fmt::format("layer{}", at)));
  }
  if (options.input_feeding) {
    W_feed_.emplace(hidden, 4 * hidden, nn::Linear::Bias::no, params.scope("layer0/feed"));
  }
  if (attention_ != nullptr || options.final_state == FinalState::every_step) {
    W_c_.emplace(key + hidden, hidden, nn::Linear::Bias::no, params.scope("W_c"));
  }
  if (options.bridge == Bridge::copy) {
    check(key == hidden && encoder.layers == options.layers, "the bridge 'copy' needs equal widths and layers");
  } else if (options.bridge == Bridge::linear) {
    for (Index at = 0; at < options.layers; ++at) {
      for (const char* part : {"h", "c"}) {
        bridge_.emplace_back(key, hidden, nn::Linear::Bias::yes,
                             params.scope(fmt::format("bridge/layer{}/{}", at, part)));
      }
    }
  }
}

Memory Decoder::remember(const nn::Pass&, const Encoded& encoded, std::span<const Index> lengths) const {
  Memory memory;
  memory.source = attention::source_of(encoded.h_s, lengths);
  if (attention_ != nullptr) memory.prepared = attention_->prepare(memory.source);
  if (attention_ == nullptr && options_.final_state == FinalState::every_step) memory.final = encoded.h_n.back();
  return memory;
}

DecoderState Decoder::start(const nn::Pass& pass, const Encoded& encoded, const Memory& memory) const {
  DecoderState state;
  const Index B = encoded.h_s.shape()[0];
  const auto zero = [&] { return pass.tape.input(pass.tape.zeros({B, hidden_})); };
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    switch (options_.bridge) {
      case Bridge::copy:
        state.h.push_back(encoded.h_n[at]);
        state.c.push_back(encoded.c_n[at]);
        break;
      case Bridge::linear:
        state.h.push_back(tanh(bridge_[2 * at](encoded.h_n.back())));
        state.c.push_back(tanh(bridge_[2 * at + 1](encoded.c_n.back())));
        break;
      case Bridge::zero:
        state.h.push_back(zero());
        state.c.push_back(zero());
        break;
    }
  }
  if (options_.input_feeding) state.feed = zero();
  if (attention_ != nullptr) state.attention = attention_->start(memory.source);
  return state;
}

bool Decoder::whole_sequence() const {
  return !options_.input_feeding && (attention_ == nullptr || attention_->whole_sequence());
}

Step Decoder::advance(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                      std::span<const Index> previous, Index T, std::span<const Index> lengths) const {
  const Index N = state.h[0].shape()[0];
  check(static_cast<Index>(previous.size()) == N * T, "advance: one previous word for each hypothesis and step");
  check(T == 1 || N == memory.source.h_s.shape()[0], "advance: several steps go with one hypothesis a sentence");
  const Var x =
      pass.drop(embedding_(pass.tape, previous, {N, T}), dropout_.embedding, "decoder/embedding", state.t);
  if (T > 1 && whole_sequence()) return all_at_once(pass, memory, state, x, lengths);

  const Var gates = layers_[0].gates(x);  // of all steps: only the recurrence and the feed remain in the loop
  Step step{state, {}, {}};
  const auto readouts = pass.tape.room<Var>(T);
  const auto weights = pass.tape.room<Var>(T);
  for (Index t = 0; t < T; ++t) {
    step = one_step(pass, memory, step.state, reshape(slice_time(gates, t, 1), {N, 4 * hidden_}));
    readouts[static_cast<std::size_t>(t)] = step.readout;
    weights[static_cast<std::size_t>(t)] = step.weights;
  }
  if (T > 1) {
    step.readout = concat_time(readouts);
    if (!step.weights.empty()) step.weights = concat_time(weights);
  }
  return step;
}

Step Decoder::all_at_once(const nn::Pass& pass, const Memory& memory, const DecoderState& state, Var x,
                          std::span<const Index> lengths) const {
  const Index N = x.shape()[0];
  const Index T = x.shape()[1];
  const auto all = pass.tape.room<Index>(N);
  std::fill(all.begin(), all.end(), T);
  DecoderState next = state;
  Var h = x;
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    if (at > 0) h = pass.drop(h, dropout_.layers, fmt::format("decoder/layer{}", at), state.t);
    const auto out = layers_[at](h, lengths.empty() ? all : lengths, state.h[at], state.c[at]);
    h = out[0];
    next.h[at] = out[1];
    next.c[at] = out[2];
  }
  next.t += T;
  return look(pass, memory, std::move(next), h, state.t);
}

Step Decoder::one_step(const nn::Pass& pass, const Memory& memory, const DecoderState& state, Var gates) const {
  const Index N = gates.shape()[0];
  DecoderState next = state;
  Var input = W_feed_ ? add(gates, (*W_feed_)(state.feed)) : gates;
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    if (at > 0) {
      const Var below = reshape(next.h[at - 1], {N, 1, hidden_});
      const Var x = pass.drop(below, dropout_.layers, fmt::format("decoder/layer{}", at), state.t);
      input = layers_[at].gates(reshape(x, {N, hidden_}));
    }
    const auto [h, c] = layers_[at].step(input, state.h[at], state.c[at]);
    next.h[at] = h;
    next.c[at] = c;
  }
  ++next.t;
  const Var top = reshape(next.h.back(), {N, 1, hidden_});
  Step step = look(pass, memory, std::move(next), top, state.t);
  if (W_feed_) step.state.feed = reshape(step.readout, {N, hidden_});
  return step;
}

// From the top states h [N, T, H], the first at position `first`, to readout and weights.
Step Decoder::look(const nn::Pass& pass, const Memory& memory, DecoderState state, Var h, Index first) const {
  const Index N = h.shape()[0];
  const Index T = h.shape()[1];
  Step step{std::move(state), h, {}};
  if (attention_ != nullptr) {
    // K hypotheses of one position are K queries of their sentence: keys are never repeated.
    const Index B = memory.source.h_s.shape()[0];
    const Index queries = N * T / B;
    const auto t = pass.tape.room<Index>(queries);
    for (Index i = 0; i < queries; ++i) t[static_cast<std::size_t>(i)] = N == B ? first + i : first;
    auto attended = attention_->attend({reshape(h, {B, queries, hidden_}), t}, memory.prepared,
                                       step.state.attention, memory.source);
    const Var context = reshape(attended.context, {N, T, attended.context.shape()[2]});
    step.weights = reshape(attended.weights, {N, T, attended.weights.shape()[2]});
    step.state.attention = attended.next;
    step.readout = tanh((*W_c_)(concat(context, h)));
  } else if (!memory.final.empty()) {
    // tanh(W_c [c; h]) with the same c for all steps and hypotheses of a sentence.
    const Index B = memory.final.shape()[0];
    const Var zeros = pass.tape.input(pass.tape.zeros({B, N * T / B, memory.final.shape()[1]}));
    const Var c = add(reshape(memory.final, {B, 1, memory.final.shape()[1]}), zeros);
    step.readout = tanh((*W_c_)(concat(reshape(c, {N, T, c.shape()[2]}), h)));
  }
  step.readout = pass.drop(step.readout, dropout_.readout, "decoder/readout", first);
  return step;
}

DecoderState gather(const DecoderState& state, std::span<const Index> rows) {
  DecoderState moved = state;
  for (Var& h : moved.h) h = gather_rows(h, rows);
  for (Var& c : moved.c) c = gather_rows(c, rows);
  if (!moved.feed.empty()) moved.feed = gather_rows(moved.feed, rows);
  for (Index i = 0; i < moved.attention.count; ++i) {
    Var& part = moved.attention.rows[static_cast<std::size_t>(i)];
    part = gather_rows(part, rows);
  }
  return moved;
}

}  // namespace regard::models
