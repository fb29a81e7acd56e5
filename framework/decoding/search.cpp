#include "framework/decoding/search.h"

#include <algorithm>
#include <array>

#include "framework/decoding/beam.h"
#include "framework/decoding/constraints.h"
#include "framework/decoding/ensemble.h"
#include "framework/decoding/sampling.h"

namespace regard::decoding {
namespace {

// Words that are never in a translation: padding and the beginning of a sentence.
constexpr std::array<Index, 2> kNever{data::kPad, data::kBos};

// A sentence's part of the memory takes about as long to move as this many rows take a step.
constexpr std::size_t kWorthMoving = 16;

// One batch in search.
class Search {
 public:
  Search(Models models, const SearchOptions& options, const Replaced* replaced)
      : options_(options), constraints_(options), ensemble_(models, replaced) {}

  // Returns the translations of the batch's sentences, in their order. `lines` has the line of each in its text.
  Translations operator()(const data::Batch& batch, const std::vector<Index>& lines);

 private:
  void start(const data::Batch& batch, const std::vector<Index>& lines);
  void step();
  void forbid();
  void search(const Ensemble::Output& next);
  void draw(const Ensemble::Output& next);
  void drop_finished();
  // Calls f(beam, its first row) for each sentence that is not done.
  template <class Function>
  void for_each_beam(Function&& f) {
    for (std::size_t place = 0; place < active_.size(); ++place) {
      Beam& beam = beams_[active_[place]];
      if (!beam.done()) f(beam, static_cast<Index>(place) * width_);
    }
  }
  [[nodiscard]] const float* weights_at(const Ensemble::Output& next, Index row) const {
    return next.weights == nullptr ? nullptr : next.weights + row * next.columns;
  }

  SearchOptions options_;
  Constraints constraints_;
  Ensemble ensemble_;

  std::vector<Beam> beams_;
  std::vector<Index> lines_;         // of each beam
  std::vector<std::size_t> active_;  // the beams that are in the tensors, by place
  Rows rows_;                        // the hypotheses of the coming step
  Index width_ = 1;                  // hypotheses a sentence in the tensors
  Index steps_ = 0;
  std::vector<Candidate> best_;
  std::vector<std::vector<Index>> forbidden_;  // of each row; empty where nothing is
};

void Search::start(const data::Batch& batch, const std::vector<Index>& lines) {
  ensemble_.start(batch);
  beams_.clear();
  active_.clear();
  lines_ = lines;
  rows_.from.clear();
  rows_.previous.assign(static_cast<std::size_t>(batch.B), data::kBos);
  width_ = 1;
  steps_ = 0;
  for (Index b = 0; b < batch.B; ++b) {
    beams_.emplace_back(batch.source_lengths[static_cast<std::size_t>(b)], options_);
    active_.push_back(static_cast<std::size_t>(b));
    rows_.from.push_back(b);
  }
}

void Search::forbid() {
  if (!constraints_.any()) return;
  forbidden_.assign(rows_.from.size(), {});
  for_each_beam([&](const Beam& beam, Index first) {
    for (Index k = 0; k < beam.live(); ++k)
      constraints_.forbid(beam.words(k), forbidden_[static_cast<std::size_t>(first + k)]);
  });
}

void Search::search(const Ensemble::Output& next) {
  const Index V = next.logits.cols();
  const Index count = std::min(options_.beam + 1, V - static_cast<Index>(kNever.size()));
  best_words(next.logits, count, kNever, best_, forbidden_);
  for_each_beam([&](Beam& beam, Index first) {
    beam.advance(std::span(best_).subspan(static_cast<std::size_t>(first * count)), count, weights_at(next, first),
                 next.columns);
  });
}

void Search::draw(const Ensemble::Output& next) {
  std::vector<Draw> draws;
  for (std::size_t place = 0; place < active_.size(); ++place) {
    const Beam& beam = beams_[active_[place]];
    if (beam.done()) continue;
    const Index first = static_cast<Index>(place) * width_;
    const Index count = steps_ == 0 ? options_.nbest : beam.live();
    for (Index k = 0; k < count; ++k) {
      const Index which = steps_ == 0 ? k : beam.draw(k);
      draws.push_back({steps_ == 0 ? first : first + k, key_of(options_, lines_[active_[place]], which), steps_});
    }
  }
  draw_words(next.logits, draws, options_, kNever, forbidden_, best_);
  std::size_t at = 0;
  for_each_beam([&](Beam& beam, Index first) {
    const auto count = static_cast<std::size_t>(steps_ == 0 ? options_.nbest : beam.live());
    beam.advance_drawn(std::span(best_).subspan(at, count), weights_at(next, first), next.columns);
    at += count;
  });
}

void Search::step() {
  forbid();
  const Ensemble::Output next = ensemble_.step(rows_);
  options_.draws() ? draw(next) : search(next);
  ++steps_;
  const Index width = options_.draws() ? options_.nbest : options_.beam;
  rows_.from.clear();
  rows_.previous.clear();
  for (std::size_t place = 0; place < active_.size(); ++place) {
    const Beam& beam = beams_[active_[place]];
    const Index first = static_cast<Index>(place) * width_;
    // Every sentence has `width` rows; unused rows repeat the first one and are not read.
    for (Index k = 0; k < width; ++k) {
      const bool live = !beam.done() && k < beam.live();
      rows_.from.push_back(first + (live ? beam.came_from(k) : 0));
      rows_.previous.push_back(live ? beam.last_word(k) : data::kEos);
    }
  }
  width_ = width;
}

// Finished sentences leave the tensors as soon as the freed rows save more than moving the rest costs.
void Search::drop_finished() {
  std::vector<Index> stay;
  for (std::size_t place = 0; place < active_.size(); ++place) {
    if (!beams_[active_[place]].done()) stay.push_back(static_cast<Index>(place));
  }
  const std::size_t freed = (active_.size() - stay.size()) * static_cast<std::size_t>(width_);
  if (freed == 0 || freed * kWorthMoving < active_.size()) return;
  std::vector<std::size_t> active;
  Rows rows;
  for (const Index place : stay) {
    active.push_back(active_[static_cast<std::size_t>(place)]);
    for (Index k = 0; k < width_; ++k) {
      rows.from.push_back(rows_.from[static_cast<std::size_t>(place * width_ + k)]);
      rows.previous.push_back(rows_.previous[static_cast<std::size_t>(place * width_ + k)]);
    }
  }
  active_ = std::move(active);
  rows_ = std::move(rows);
  ensemble_.keep(stay);
}

Translations Search::operator()(const data::Batch& batch, const std::vector<Index>& lines) {
  start(batch, lines);
  while (!active_.empty()) {
    step();
    drop_finished();
    if (std::all_of(active_.begin(), active_.end(), [&](std::size_t at) { return beams_[at].done(); })) break;
  }
  Translations translations;
  for (const Beam& beam : beams_) {
    translations.push_back(beam.results());
    if (batch.further == 0) continue;
    for (Translation& translation : translations.back())
      name_further(translation, batch, translations.size() - 1, ensemble_.target_vocabulary());
  }
  return translations;
}

}  // namespace

Translations translate_all(Models models, const data::Dataset& dataset, const SearchOptions& options,
                           const Replaced* replaced) {
  Translations translations(static_cast<std::size_t>(dataset.size()));
  const data::BatchOrder order = data::evaluation_order(dataset, {.sentences = options.batch_sentences});
  Search search(models, options, replaced);
  data::Batch batch;
  for (Index b = 0; b < order.size(); ++b) {
    data::fill(dataset, order[b], batch);
    std::vector<Index> lines = batch.sentences;
    for (Index& line : lines) line = dataset.lines.empty() ? line : dataset.lines[static_cast<std::size_t>(line)];
    Translations found = search(batch, lines);
    for (std::size_t i = 0; i < found.size(); ++i) {
      translations[static_cast<std::size_t>(batch.sentences[i])] = std::move(found[i]);
    }
  }
  return translations;
}

std::vector<Translation> translate(const models::Seq2Seq& model, const data::Dataset& dataset,
                                   const SearchOptions& options) {
  const models::Seq2Seq* const one = &model;
  std::vector<Translation> best;
  for (std::vector<Translation>& all : translate_all({&one, 1}, dataset, options))
    best.push_back(std::move(all.front()));
  return best;
}

}  // namespace regard::decoding
