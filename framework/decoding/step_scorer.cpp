#include "framework/decoding/step_scorer.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace regard::decoding {
namespace {

// The same values as constants of another tape, without a copy.
Var on(Tape& tape, Var x) { return x.empty() ? x : tape.input(x.value()); }

models::Memory on(Tape& tape, const models::Memory& memory) {
  models::Memory there = memory;
  there.source.h_s = on(tape, memory.source.h_s);
  there.prepared = on(tape, memory.prepared);
  there.final = on(tape, memory.final);
  return there;
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

StepScorer::StepScorer(const models::Seq2Seq& model, const Replaced& replaced) : StepScorer(model) {
  check(replaced.rows == nullptr, "weights for the target's positions have no meaning for another translation");
  intervention_.emplace();
  intervention_->replacement = replaced.replacement;
  intervention_->seed = replaced.seed;
  if (replaced.guide != nullptr) guide_ = std::make_unique<StepScorer>(*replaced.guide);
}

void StepScorer::start(const data::Batch& batch) {
  if (guide_) guide_->start(batch);
  if (intervention_) sentences_ = batch.sentences;
  source_->reset();
  const nn::Pass pass{*source_};
  const models::Encoded encoded = model_->encoder()(pass, batch.source, batch.S, batch.source_lengths);
  memory_ = model_->decoder().prepare_memory(pass, encoded, batch.source_lengths);
  state_ = model_->decoder().start(pass, encoded, memory_);
  lengths_ = batch.source_lengths;
  words_ = batch.source;
  refer();
  further_ = batch.further;
  if (!model_->copies()) return;
  check(!batch.copies.empty(), "an attention that copies needs a text with copies");
  copies_ = batch.copies;
}

void StepScorer::refer() {
  memory_.source.lengths = lengths_;
  if (!memory_.source.words.empty()) memory_.source.words = words_;
}

StepScorer::Output StepScorer::step(const Rows& rows) {
  turn_ = 1 - turn_;
  Tape& tape = *steps_[turn_];
  tape.reset();
  const nn::Pass pass{tape};
  models::Memory memory = on(tape, memory_);
  if (intervention_) {
    intervention_->sentences = sentences_;
    if (guide_) intervention_->given = guide_->step(rows).weights;
    memory.intervention = &*intervention_;
  }
  // A copy even of rows that stay where they are: a step may hand one on as it got it, and with it memory of the
  // other tape, or of the source's.
  const models::DecoderState state = models::gather(state_, rows.from, tape);
  const models::Step next = model_->decoder().advance(pass, memory, state, known(rows.previous, tape), 1);
  state_ = next.state;
  models::WordRows of_words{next.readout, next.generate, next.copies, {}};
  if (model_->copies()) {
    const auto sentences = tape.allocate_span<Index>(static_cast<Index>(rows.from.size()));
    const std::size_t each = rows.from.size() / lengths_.size();
    for (std::size_t row = 0; row < sentences.size(); ++row) sentences[row] = static_cast<Index>(row / each);
    of_words.sentences = sentences;
  }
  Output output{model_->word_scores(of_words, {copies_, further_}, tape), {}};
  if (!next.weights.empty()) output.weights = next.weights.value().matrix();
  return output;
}

// A word beyond the vocabulary has no vector: the decoder reads <unk>.
std::span<const Index> StepScorer::known(std::span<const Index> words, Tape& tape) const {
  if (further_ == 0) return words;
  const auto known = tape.allocate_span<Index>(static_cast<Index>(words.size()));
  std::transform(words.begin(), words.end(), known.begin(),
                 [V = model_->target_vocabulary()](Index word) { return word < V ? word : data::kUnk; });
  return known;
}

void StepScorer::keep(std::span<const Index> stay) {
  if (guide_) guide_->keep(stay);
  // What is moved below may be part of the state as well.
  std::vector<Index> all(static_cast<std::size_t>(state_.h[0].shape()[0]));
  std::iota(all.begin(), all.end(), 0);
  state_ = models::gather(state_, all, *steps_[turn_]);
  const auto S = static_cast<std::ptrdiff_t>(lengths_.empty() ? 0 : words_.size() / lengths_.size());
  std::vector<Index> lengths, words, copies, sentences;
  const auto add_row = [S](const std::vector<Index>& from, Index place, std::vector<Index>& to) {
    const auto row = from.begin() + static_cast<std::ptrdiff_t>(place) * S;
    to.insert(to.end(), row, row + S);
  };
  for (const Index place : stay) {
    lengths.push_back(lengths_[static_cast<std::size_t>(place)]);
    if (intervention_) sentences.push_back(sentences_[static_cast<std::size_t>(place)]);
    add_row(words_, place, words);
    if (!copies_.empty()) add_row(copies_, place, copies);
  }
  copies_ = std::move(copies);
  if (!stay.empty()) keep_of(memory_, stay, *source_);
  lengths_ = std::move(lengths);
  words_ = std::move(words);
  sentences_ = std::move(sentences);
  refer();
}

}  // namespace regard::decoding
