#include "framework/models/decoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/autodiff/ops.h"

namespace regard::models {
namespace {

// Returns the width of a step's context, or 0 without one.
Index context_width(const ModelOptions& options, const attention::AttentionPtr& attention,
                    attention::Sizes sizes) {
  if (attention != nullptr) return attention->context_width(sizes);
  return options.decoder.final_state == FinalState::every_step ? encoder_width(options) : 0;
}

// The maps of all steps, each as one Var over the steps.
std::span<const Var> joined_maps(Tape& tape, std::span<const std::span<const Var>> steps) {
  if (steps.size() == 1) return steps[0];
  const auto count = static_cast<Index>(steps[0].size());
  const auto all = tape.allocate_span<Var>(count);
  const auto parts = tape.allocate_span<Var>(static_cast<Index>(steps.size()));
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t t = 0; t < steps.size(); ++t) {
      if (steps[t].size() != all.size())
        throw ShapeError("attend: every step must return the same number of maps");
      parts[t] = steps[t][i];
    }
    all[i] = concat_time(parts);
  }
  return all;
}

// [N, n] -> [N, 1, n] and back.
Var as_step(Var x) { return reshape(x, {x.shape()[0], 1, x.shape()[1]}); }
Var as_rows(Var x) { return reshape(x, {x.shape()[0] * x.shape()[1], x.shape()[2]}); }

}  // namespace

Decoder::Decoder(const nn::Embedding& embedding, const ModelOptions& options, attention::AttentionPtr attention,
                 attention::Sizes sizes, const nn::Params& params)
    : options_(options.decoder),
      hidden_(options.hidden),
      context_(context_width(options, attention, sizes)),
      embedding_(embedding),
      attention_(std::move(attention)),
      readout_(options.decoder.readout, context_, options.hidden, options.embedding,
               models::readout_width(options), params),
      first_state_(options.decoder.bridge, options.cell, encoder_width(options), options.encoder.layers,
                   options.hidden, options.decoder.layers, params.scope("bridge")),
      drop_words_(options.dropout.target_words, Dropout::Kind::words, "decoder/words"),
      drop_embedding_(options.dropout.embedding, options.dropout, "decoder/embedding"),
      drop_context_(options.dropout.context, options.dropout, "decoder/context"),
      drop_readout_(options.dropout.readout, options.dropout, "decoder/readout") {
  for (Index at = 0; at < options.decoder.layers; ++at) {
    const std::string name = fmt::format("layer{}", at);
    const nn::Params scope = params.scope(name);
    const Index in = at == 0 ? options.embedding : hidden_;
    layers_.push_back({Recurrent(options.cell, in, hidden_, scope), LayerInput(options, "decoder", at, in, scope),
                       Dropout(options.dropout.states, Dropout::Kind::sequence, "decoder/" + name + "/state")});
  }
  const nn::Params first = params.scope("layer0");
  const Index gates = layers_[0].cell.gate_width();
  if (options_.input_feeding) W_feed_.emplace(readout_.width(), gates, nn::Linear::Bias::no, first.scope("feed"));
  if (options_.order == Order::bahdanau && context_ > 0) {
    W_context_.emplace(context_, gates, nn::Linear::Bias::no, first.scope("context"));
  }
}

Memory Decoder::prepare_memory(const nn::Pass& pass, const Encoded& encoded,
                               std::span<const Index> lengths) const {
  Memory memory;
  memory.source = attention::source_of(encoded.h_s, lengths);
  memory.source.training = pass.training;
  if (attention_ != nullptr) {
    memory.source.words = encoded.words;
    memory.source.vectors = encoded.vectors;
    memory.source.places = encoded.places;
    memory.prepared = attention_->prepare(memory.source);
  }
  if (attention_ == nullptr && options_.final_state == FinalState::every_step) memory.final = encoded.h_n.back();
  return memory;
}

DecoderState Decoder::start(const nn::Pass& pass, const Encoded& encoded, Memory& memory) const {
  const LayerStates first = first_state_(pass, encoded, memory.source.lengths);
  DecoderState state;
  state.h = first.h;
  state.c = first.c;
  if (W_feed_) state.feed = pass.tape.input(pass.tape.zeros({encoded.h_s.shape()[0], readout_.width()}));
  if (attention_ != nullptr) state.attention = attention_->start(memory.source);
  memory.source.vectors = {};
  return state;
}

bool Decoder::whole_sequence() const {
  if (W_feed_ || W_context_) return false;
  return attention_ == nullptr || attention_->whole_sequence();
}

Step Decoder::advance(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                      std::span<const Index> previous, Index T, std::span<const Index> lengths) const {
  const Index N = state.h[0].shape()[0];
  check(static_cast<Index>(previous.size()) == N * T, "advance: one previous word for each hypothesis and step");
  check(T == 1 || N == memory.source.h_s.shape()[0], "advance: several steps go with one hypothesis a sentence");
  const Var words = drop_words_(pass, embedding_(pass.tape, previous, {N, T}), state.t);
  const Words before{previous, drop_embedding_(pass, words, state.t)};
  return T > 1 && whole_sequence() ? all_at_once(pass, memory, state, before, lengths)
                                   : one_by_one(pass, memory, state, before);
}

Step Decoder::all_at_once(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                          const Words& words, std::span<const Index> lengths) const {
  const Var y = words.vectors;
  const Index N = y.shape()[0];
  const Index T = y.shape()[1];
  const auto all = pass.tape.allocate_span<Index>(N);
  std::fill(all.begin(), all.end(), T);
  Step step{state, {}, {}};
  const LayerVars masks = state_masks(pass, N);
  Var h = y;
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    const Layer& layer = layers_[at];
    const bool has_c = layer.cell.has_c();
    const auto out = layer.cell(layer.input.read(pass, h, state.t), lengths.empty() ? all : lengths,
                                {state.h[at], has_c ? state.c[at] : Var()}, Direction::forward, masks[at]);
    h = layer.input.join(h, out.h);
    step.state.h[at] = out.last.h;
    if (has_c) step.state.c[at] = out.last.c;
  }
  step.state.t += T;
  const Attended attended = attention_ == nullptr
                                ? Attended{fixed_context(pass, memory, N, T, state.t), {}}
                                : attend(pass, memory, step.state.attention, h, state.t, words, 0);
  step.weights = attended.weights;
  step.maps = attended.maps;
  step.generate = attended.generate;
  step.copies = attended.copies;
  step.readout = read(pass, attended.context, h, y, state.t);
  return step;
}

// Only values that feed back are computed in the loop. The first layer's products with the words, and a readout
// that does not feed back, are computed for all steps at once.
Step Decoder::one_by_one(const nn::Pass& pass, const Memory& memory, const DecoderState& state,
                         const Words& words) const {
  const Var y = words.vectors;
  const Index N = y.shape()[0];
  const Index T = y.shape()[1];
  const Var fixed = fixed_context(pass, memory, N, T, state.t);
  Var gates = layers_[0].cell.gates(layers_[0].input.read(pass, y, state.t));
  if (W_context_ && !fixed.empty()) gates = add(gates, (*W_context_)(fixed));
  Step step{state, {}, {}};
  DecoderState& now = step.state;
  const LayerVars masks = state_masks(pass, N);
  const auto tops = pass.tape.allocate_span<Var>(T);
  const auto contexts = pass.tape.allocate_span<Var>(T);
  const auto weights = pass.tape.allocate_span<Var>(T);
  const auto readouts = pass.tape.allocate_span<Var>(T);
  const auto generate = pass.tape.allocate_span<Var>(T);
  const auto copies = pass.tape.allocate_span<Var>(T);
  const auto maps = pass.tape.allocate_span<std::span<const Var>>(memory.maps ? T : 0);
  const auto at_step = [&](Var all, Index t) { return T == 1 || all.empty() ? all : slice_time(all, t, 1); };
  for (Index t = 0; t < T; ++t, ++now.t) {
    const auto at = static_cast<std::size_t>(t);
    CellInput input(gates, t);
    if (W_feed_) input.fed[0] = W_feed_->fed(now.feed);
    Attended attended{at_step(fixed, t), {}};
    if (attention_ != nullptr && options_.order == Order::bahdanau) {
      attended = attend(pass, memory, now.attention, as_step(now.h.back()), now.t, words, t);
      input.fed[1] = W_context_->fed(as_rows(attended.context));
    }
    tops[at] = as_step(run_layers(pass, input, masks, now));
    if (attention_ != nullptr && options_.order == Order::luong) {
      attended = attend(pass, memory, now.attention, tops[at], now.t, words, t);
    }
    contexts[at] = attended.context;
    weights[at] = attended.weights;
    generate[at] = attended.generate;
    copies[at] = attended.copies;
    if (memory.maps) maps[at] = attended.maps;
    if (W_feed_) {
      readouts[at] = read(pass, attended.context, tops[at], at_step(y, t), now.t);
      now.feed = as_rows(readouts[at]);
    }
  }
  const auto joined = [&](std::span<const Var> parts) {
    return T == 1 || parts[0].empty() ? parts[0] : concat_time(parts);
  };
  step.weights = joined(weights);
  step.generate = joined(generate);
  step.copies = joined(copies);
  if (memory.maps) step.maps = joined_maps(pass.tape, maps);
  step.readout = W_feed_ ? joined(readouts) : read(pass, joined(contexts), joined(tops), y, state.t);
  return step;
}

Var Decoder::run_layers(const nn::Pass& pass, CellInput input, const LayerVars& masks, DecoderState& state) const {
  Var top;
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    const Layer& layer = layers_[at];
    if (at > 0) input = layer.cell.gates(as_rows(layer.input.read(pass, as_step(top), state.t)));
    const bool has_c = layer.cell.has_c();
    const auto next = layer.cell.step(input, {state.h[at], has_c ? state.c[at] : Var()}, masks[at]);
    state.h[at] = next.h;
    if (has_c) state.c[at] = next.c;
    top = at == 0 ? next.h : layer.input.join(top, next.h);
  }
  return top;
}

LayerVars Decoder::state_masks(const nn::Pass& pass, Index N) const {
  LayerVars masks;
  for (const Layer& layer : layers_) masks.push_back(layer.drop_state.mask(pass, N, hidden_));
  return masks;
}

Decoder::Attended Decoder::attend(const nn::Pass& pass, const Memory& memory, attention::State& state, Var h,
                                  Index first, const Words& words, Index step) const {
  const Index N = h.shape()[0];
  const Index T = h.shape()[1];
  // K hypotheses of one position are K queries of their sentence: keys are never repeated.
  const Index B = memory.source.h_s.shape()[0];
  const Index queries = N * T / B;
  const auto t = pass.tape.allocate_span<Index>(queries);
  for (Index i = 0; i < queries; ++i) t[static_cast<std::size_t>(i)] = N == B ? first + i : first;
  attention::StepFacts facts{
      .key = pass.dropout, .previous = words.ids, .vectors = words.vectors, .step = step, .notes = memory.notes};
  if (pass.training) facts.sentences = pass.sentences;
  attention::Attended attended =
      attention_->attend({reshape(h, {B, queries, hidden_}), t, &facts}, memory.prepared, state, memory.source);
  if (memory.intervention != nullptr)
    attended = intervened(pass.tape, attended, t, memory.source, *memory.intervention, step);
  state = attended.next;
  const Var context = reshape(attended.context, {N, T, attended.context.shape()[2]});
  const Shape rows{N, T, attended.weights.shape()[2]};
  std::span<Var> maps;
  if (memory.maps) {
    maps = pass.tape.allocate_span<Var>(static_cast<Index>(attended.maps.size()));
    for (std::size_t i = 0; i < maps.size(); ++i) maps[i] = reshape(attended.maps[i], rows);
  }
  Attended shaped{drop_context_(pass, context, first), reshape(attended.weights, rows), maps};
  if (!attended.copies.empty()) {
    shaped.generate = reshape(attended.generate, {N, T, 1});
    shaped.copies = reshape(attended.copies, rows);
  }
  return shaped;
}

Var Decoder::fixed_context(const nn::Pass& pass, const Memory& memory, Index N, Index T, Index first) const {
  if (memory.final.empty()) return {};
  const Index B = memory.final.shape()[0];
  const Index key = memory.final.shape()[1];
  const Var zeros = pass.tape.input(pass.tape.zeros({B, N * T / B, key}));
  const Var repeated = add(reshape(memory.final, {B, 1, key}), zeros);
  return drop_context_(pass, reshape(repeated, {N, T, key}), first);
}

Var Decoder::read(const nn::Pass& pass, Var context, Var h, Var y, Index first) const {
  return drop_readout_(pass, readout_(context, h, y), first);
}

DecoderState gather(const DecoderState& state, std::span<const Index> rows, Tape& to) {
  const auto moved_part = [&](Var part) { return gather_rows(to.input(part.value()), rows); };
  DecoderState moved = state;
  for (Var& h : moved.h) h = moved_part(h);
  for (Var& c : moved.c) c = moved_part(c);
  if (!moved.feed.empty()) moved.feed = moved_part(moved.feed);
  moved.attention = attention::gather(state.attention, rows, to);
  return moved;
}

}  // namespace regard::models
