#pragma once
// Decodes one sentence word by word through Decoder::advance, without search, for comparison with searches.
#include <cmath>
#include <vector>

#include "framework/decoding/search.h"
#include "tests/models/variants.h"

namespace regard::testing {

class Walk {
 public:
  struct Place {
    models::DecoderState state;
    std::vector<double> log_p;    // for every next word
    std::vector<double> weights;  // of the last written word
  };

  Walk(const models::Seq2Seq& model, const data::Dataset& dataset, Index sentence)
      : model_(model), tape_(model.type(), Tape::Mode::evaluate), batch_(batch_of(dataset, {sentence})) {
    const nn::Pass pass{tape_};
    const auto encoded = model.encoder()(pass, batch_.source, batch_.S, batch_.source_lengths);
    memory_ = model.decoder().prepare_memory(pass, encoded, batch_.source_lengths);
    start_ = model.decoder().start(pass, encoded, memory_);
  }

  [[nodiscard]] Index source_length() const { return batch_.S; }  // including </s>
  [[nodiscard]] Place start() { return after(start_, data::kBos); }
  [[nodiscard]] Place after(const models::DecoderState& state, Index word) {
    const nn::Pass pass{tape_};
    const std::vector<Index> previous{word};
    const auto step = model_.decoder().advance(pass, memory_, state, previous, 1);
    Place place{step.state, {}, {}};
    const std::vector<Index> sentence{0};
    const Tensor logits = model_.word_scores({step.readout, step.generate, step.copies, sentence},
                                             {batch_.copies, batch_.further}, tape_);
    double largest = logits.at(0);
    for (Index i = 1; i < logits.size(); ++i) largest = std::max(largest, logits.at(i));
    double total = 0;
    for (Index i = 0; i < logits.size(); ++i) total += std::exp(logits.at(i) - largest);
    for (Index i = 0; i < logits.size(); ++i) place.log_p.push_back(logits.at(i) - largest - std::log(total));
    if (!step.weights.empty()) {
      for (Index i = 0; i < step.weights.value().size(); ++i) place.weights.push_back(step.weights.value().at(i));
    }
    return place;
  }

 private:
  const models::Seq2Seq& model_;
  Tape tape_;
  data::Batch batch_;
  models::Memory memory_;
  models::DecoderState start_;
};

inline bool is_translation(Index word) { return word != data::kPad && word != data::kBos; }

// Returns -log p of each target word in order, including </s>.
inline double stepwise_loss(const models::Seq2Seq& model, const data::Dataset& dataset) {
  double total = 0;
  for (Index i = 0; i < dataset.size(); ++i) {
    Walk walk(model, dataset, i);
    auto place = walk.start();
    for (const auto word : dataset.target[i]) {
      total -= place.log_p[static_cast<std::size_t>(word)];
      place = walk.after(place.state, word);
    }
    total -= place.log_p[data::kEos];
  }
  return total;
}

// Returns the log probability of a translation's words, and of </s> if it is complete, one after the other.
inline double stepwise_log_p(const models::Seq2Seq& model, const data::Dataset& dataset, Index sentence,
                             const decoding::Translation& translation) {
  Walk walk(model, dataset, sentence);
  auto place = walk.start();
  double log_p = 0;
  for (const Index word : translation.words) {
    log_p += place.log_p[static_cast<std::size_t>(word)];
    place = walk.after(place.state, word);
  }
  return translation.complete ? log_p + place.log_p[data::kEos] : log_p;
}

// Makes the probabilities of a new model sharp: multiplies its output weights by `factor`, and adds `end` to the
// logit of </s>.
inline void sharpen(models::Seq2Seq& model, double factor, double end = 0) {
  const nn::Param* matrix = nullptr;  // the output's own, or the tied embedding
  for (const char* name : {"output/W", "decoder/embedding/W", "encoder/embedding/W"}) {
    if (matrix == nullptr) matrix = model.params().find(name);
  }
  const Tensor W = matrix->value();
  for (Index i = 0; i < W.size(); ++i) W.set(i, factor * W.at(i));
  const Tensor b = model.params().find("output/b")->value();
  b.set(data::kEos, b.at(data::kEos) + end);
}

}  // namespace regard::testing
