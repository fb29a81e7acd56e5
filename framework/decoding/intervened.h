#pragma once
// Other attention weights in place of a model's own (framework/models/intervention.h), over whole texts.
#include <vector>

#include "framework/base/weight_matrix.h"
#include "framework/data/dataset.h"
#include "framework/models/seq2seq.h"

namespace regard::decoding {

// Where the weights come from. `given` needs one of guide and rows.
struct Replaced {
  models::Replacement replacement = models::Replacement::even;
  std::uint64_t seed = 0;  // of `shuffled`
  // Another model with the same vocabularies. It reads the same source and the same words before each position, in
  // search those of each hypothesis; its weights replace the model's.
  const models::Seq2Seq* guide = nullptr;
  // The weights for each target position of each sentence, </s> included; only for losses. A row of zeros keeps the
  // model's own weights.
  const std::vector<WeightMatrix>* rows = nullptr;
};

// Returns -log p of each sentence's target, </s> included, in nats. `replaced` null: with the model's own weights.
// ConfigError if the model's weights cannot be replaced.
[[nodiscard]] std::vector<double> sentence_losses(const models::Seq2Seq& model, const data::Dataset& dataset,
                                                  const Replaced* replaced = nullptr);

}  // namespace regard::decoding
