#include "framework/decoding/step_scorer.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace regard::decoding {
namespace {

// The same values as constants of another tape, without a copy.
Var on(Tape& tape, Var x) { return x.empty() ? x : tape.input(x.value()); }

models::Memory on(Tape& tape, const models::Memory& memory) {
  return {{on(tape, memory.source.h_s), memory.source.lengths}, on(tape, memory.prepared), on(tape, memory.final)};
}

// Moves the entries `stay` (ascending) of the first axis together, in place.
void close_up(const Tensor& x, std::span<const Index> stay) {
  const auto each = static_cast<std::size_t>(x.bytes() / x.shape()[0]);
  auto* const bytes = static_cast<char*>(x.raw());
  for (std::size_t to = 0; to < stay.size(); ++to) {
    const auto from = static_cast<std::size_t>(stay[to]);
    if (from != to) std::memcpy(bytes + to * each, bytes + from * each, each);
  }
}

// Keeps only these sentences of the memory, without a copy: parts may be the same tensor.
void keep_of(models::Memory& memory, std::span<const Index> stay, Tape& tape) {
  const std::array<Var*, 3> parts{&memory.source.h_s, &memory.prepared, &memory.final};
  std::array<const void*, 3> moved{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i]->empty()) continue;
    const Tensor value = parts[i]->value();
    if (std::find(moved.begin(), moved.end(), value.raw()) == moved.end()) close_up(value, stay);
    moved[i] = value.raw();
    *parts[i] = tape.input(value.slice(0, static_cast<Index>(stay.size())));
  }
}

}  // namespace

StepScorer::StepScorer(const models::Seq2Seq& model) : model_(&model), packed_(std::make_unique<PackedWeights>()) {
  const auto tape = [this] {
    return std::make_unique<Tape>(model_->arithmetic(), Tape::Mode::evaluate, packed_.get());
  };
  source_ = tape();
  for (auto& step : steps_) step = tape();
}

void StepScorer::start(const data::Batch& batch) {
  source_->reset();
  const nn::Pass pass{*source_};
  const models::Encoded encoded = model_->encoder()(pass, batch.source, batch.S, batch.source_lengths);
  memory_ = model_->decoder().prepare_memory(pass, encoded, batch.source_lengths);
  state_ = model_->decoder().start(pass, encoded, memory_);
  lengths_ = batch.source_lengths;
  memory_.source.lengths = lengths_;
}

StepScorer::Output StepScorer::step(const Rows& rows) {
  turn_ = 1 - turn_;
  Tape& tape = *steps_[turn_];
  tape.reset();
  const nn::Pass pass{tape};
  const models::Memory memory = on(tape, memory_);
  // A copy even of rows that stay where they are: a step may hand one on as it got it, and with it memory of the
  // other tape, or of the source's.
  const models::DecoderState state = models::gather(state_, rows.from, tape);
  const models::Step next = model_->decoder().advance(pass, memory, state, rows.previous, 1);
  state_ = next.state;
  const Tensor logits = model_->output().logits(next.readout).value();
  const Index V = model_->target_vocabulary();
  Output output{logits.as({logits.size() / V, V}), {}};
  if (!next.weights.empty()) output.weights = next.weights.value().matrix();
  return output;
}

void StepScorer::keep(std::span<const Index> stay) {
  // What is moved below may be part of the state as well.
  std::vector<Index> all(static_cast<std::size_t>(state_.h[0].shape()[0]));
  std::iota(all.begin(), all.end(), 0);
  state_ = models::gather(state_, all, *steps_[turn_]);
  std::vector<Index> lengths;
  for (const Index place : stay) lengths.push_back(lengths_[static_cast<std::size_t>(place)]);
  if (!stay.empty()) keep_of(memory_, stay, *source_);
  lengths_ = std::move(lengths);
  memory_.source.lengths = lengths_;
}

}  // namespace regard::decoding
