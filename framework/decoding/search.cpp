#include "framework/decoding/search.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "framework/autodiff/packed_weights.h"
#include "framework/decoding/beam.h"

namespace regard::decoding {
namespace {

// Words that are no translation: padding and the beginning of a sentence.
constexpr std::array<Index, 2> kNever{data::kPad, data::kBos};

// The same values as constants of another tape, without a copy.
Var on(Tape& tape, Var x) { return x.empty() ? x : tape.input(x.value()); }

models::Memory on(Tape& tape, const models::Memory& memory) {
  return {{on(tape, memory.source.h_s), memory.source.lengths}, on(tape, memory.prepared), on(tape, memory.final)};
}

models::DecoderState on(Tape& tape, models::DecoderState state) {
  for (Var& h : state.h) h = on(tape, h);
  for (Var& c : state.c) c = on(tape, c);
  state.feed = on(tape, state.feed);
  for (Var& rows : state.attention.rows) rows = on(tape, rows);
  return state;
}

bool in_order(const std::vector<Index>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] != static_cast<Index>(i)) return false;
  }
  return true;
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

// Leaves those sentences of the memory, without a copy of the rest: parts may be one and the same tensor.
void keep(models::Memory& memory, std::span<const Index> stay, Tape& tape) {
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

// A sentence's part of the memory takes about as long to move as this many rows take a step.
constexpr std::size_t kWorthMoving = 16;

// One batch in search. Steps alternate between two tapes: what one holds is what the next reads.
class Search {
 public:
  Search(const models::Seq2Seq& model, const SearchOptions& options)
      : model_(model),
        options_(options),
        source_(model.arithmetic(), Tape::Mode::evaluate, &packed_),
        steps_{std::make_unique<Tape>(model.arithmetic(), Tape::Mode::evaluate, &packed_),
               std::make_unique<Tape>(model.arithmetic(), Tape::Mode::evaluate, &packed_)} {}

  // The translations of the batch's sentences, in their order.
  std::vector<Translation> operator()(const data::Batch& batch);

 private:
  void start(const data::Batch& batch);
  void step();
  void drop_finished();

  const models::Seq2Seq& model_;
  SearchOptions options_;
  PackedWeights packed_;  // the model stands still during a search
  Tape source_;
  std::array<std::unique_ptr<Tape>, 2> steps_;
  std::size_t turn_ = 0;

  std::vector<Beam> beams_;
  std::vector<std::size_t> active_;  // the beams that are in the tensors, by place
  models::Memory memory_;
  std::vector<Index> lengths_;  // of the active sentences
  models::DecoderState state_;
  std::vector<Index> rows_;      // where each hypothesis of the coming step stands in state_
  bool stays_ = false;           // whether that is where it stood before
  std::vector<Index> previous_;  // its last word
  Index width_ = 1;              // hypotheses a sentence in the tensors
  std::vector<Candidate> best_;
  std::vector<float> weights_;
};

void Search::start(const data::Batch& batch) {
  source_.reset();
  const nn::Pass pass{source_};
  const models::Encoded encoded = model_.encoder()(pass, batch.source, batch.S, batch.source_lengths);
  memory_ = model_.decoder().remember(pass, encoded, batch.source_lengths);
  state_ = model_.decoder().start(pass, encoded, memory_);
  beams_.clear();
  active_.clear();
  lengths_ = batch.source_lengths;
  memory_.source.lengths = lengths_;
  rows_.clear();
  previous_.assign(static_cast<std::size_t>(batch.B), data::kBos);
  width_ = 1;
  stays_ = false;  // the first state may share memory with what drop_finished() moves
  for (Index b = 0; b < batch.B; ++b) {
    beams_.emplace_back(lengths_[static_cast<std::size_t>(b)], options_);
    active_.push_back(static_cast<std::size_t>(b));
    rows_.push_back(b);
  }
}

void Search::step() {
  turn_ = 1 - turn_;
  Tape& tape = *steps_[turn_];
  tape.reset();
  const nn::Pass pass{tape};
  const models::Memory memory = on(tape, memory_);
  const models::DecoderState before = on(tape, state_);
  const models::DecoderState state = stays_ ? before : models::gather(before, rows_);
  const models::Step next = model_.decoder().advance(pass, memory, state, previous_, 1);
  state_ = next.state;
  const Var logits = model_.output().logits(next.readout);
  const Index V = model_.target_vocabulary();
  const Index count = std::min(options_.beam + 1, V - static_cast<Index>(kNever.size()));
  best_words(logits.value().as({logits.value().size() / V, V}), count, kNever, best_);

  const float* weights = nullptr;
  Index pitch = 0;
  if (!next.weights.empty()) {
    const Tensor& value = next.weights.value();
    pitch = value.cols();
    dispatch(value.type(), [&](auto tag) {
      const auto* const from = value.data<decltype(tag)>();
      weights_.assign(from, from + value.size());
    });
    weights = weights_.data();
  }
  const Index width = std::max<Index>(1, options_.beam);
  rows_.clear();
  previous_.clear();
  for (std::size_t place = 0; place < active_.size(); ++place) {
    Beam& beam = beams_[active_[place]];
    const Index first = static_cast<Index>(place) * width_;
    if (!beam.done()) {
      beam.advance(std::span(best_).subspan(static_cast<std::size_t>(first * count)), count,
                   weights == nullptr ? nullptr : weights + first * pitch, pitch);
    }
    // Every sentence takes `width` rows; those that no hypothesis needs repeat the first and are not read.
    for (Index k = 0; k < width; ++k) {
      const bool live = !beam.done() && k < beam.live();
      rows_.push_back(first + (live ? beam.came_from(k) : 0));
      previous_.push_back(live ? beam.last_word(k) : data::kEos);
    }
  }
  width_ = width;
  stays_ = in_order(rows_) && static_cast<Index>(rows_.size()) == next.readout.shape()[0];
}

// Sentences that are done leave the tensors as soon as the rows that this frees are worth moving the rest.
void Search::drop_finished() {
  std::vector<Index> stay;
  for (std::size_t place = 0; place < active_.size(); ++place) {
    if (!beams_[active_[place]].done()) stay.push_back(static_cast<Index>(place));
  }
  const std::size_t freed = (active_.size() - stay.size()) * static_cast<std::size_t>(width_);
  if (freed == 0 || freed * kWorthMoving < active_.size()) return;
  std::vector<std::size_t> active;
  std::vector<Index> lengths;
  std::vector<Index> rows;
  std::vector<Index> previous;
  for (const Index place : stay) {
    const auto at = static_cast<std::size_t>(place);
    active.push_back(active_[at]);
    lengths.push_back(lengths_[at]);
    for (Index k = 0; k < width_; ++k) {
      rows.push_back(rows_[static_cast<std::size_t>(place * width_ + k)]);
      previous.push_back(previous_[static_cast<std::size_t>(place * width_ + k)]);
    }
  }
  active_ = std::move(active);
  rows_ = std::move(rows);
  previous_ = std::move(previous);
  if (!active_.empty()) {
    keep(memory_, stay, source_);
    stays_ = false;
  }
  lengths_ = std::move(lengths);
  memory_.source.lengths = lengths_;
}

std::vector<Translation> Search::operator()(const data::Batch& batch) {
  start(batch);
  while (!active_.empty()) {
    step();
    drop_finished();
    if (std::all_of(active_.begin(), active_.end(), [&](std::size_t at) { return beams_[at].done(); })) break;
  }
  std::vector<Translation> translations;
  for (const Beam& beam : beams_) translations.push_back(beam.result());
  return translations;
}

}  // namespace

std::vector<Translation> translate(const models::Seq2Seq& model, const data::Dataset& dataset,
                                   const SearchOptions& options) {
  std::vector<Translation> translations(static_cast<std::size_t>(dataset.size()));
  const data::BatchOrder order = data::evaluation_order(dataset, {.sentences = options.batch_sentences});
  Search search(model, options);
  data::Batch batch;
  for (Index b = 0; b < order.size(); ++b) {
    data::fill(dataset, order[b], batch);
    std::vector<Translation> found = search(batch);
    for (std::size_t i = 0; i < found.size(); ++i) {
      translations[static_cast<std::size_t>(batch.sentences[i])] = std::move(found[i]);
    }
  }
  return translations;
}

}  // namespace regard::decoding
