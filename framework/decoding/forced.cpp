#include "framework/autodiff/packed_weights.h"
#include "framework/decoding/search.h"

namespace regard::decoding {

Loss forced_loss(const models::Seq2Seq& model, const data::Dataset& dataset, Index batch_sentences) {
  const data::BatchOrder order = data::evaluation_order(dataset, {.sentences = batch_sentences});
  PackedWeights packed;
  Tape tape(model.arithmetic(), Tape::Mode::evaluate, &packed);
  const nn::Pass pass{tape};
  data::Batch batch;
  Loss loss;
  for (Index b = 0; b < order.size(); ++b) {
    data::fill(dataset, order[b], batch);
    tape.reset();
    loss.total += model.loss(pass, batch).value().at(0);
    loss.tokens += batch.target_tokens;
  }
  return loss;
}

void forced_weights(const models::Seq2Seq& model, const data::Dataset& dataset, Index batch_sentences,
                    const std::function<void(const ForcedWeights&)>& take) {
  const data::BatchOrder order = data::evaluation_order(dataset, {.sentences = batch_sentences});
  PackedWeights packed;
  Tape tape(model.arithmetic(), Tape::Mode::evaluate, &packed);
  const nn::Pass pass{tape};
  data::Batch batch;
  for (Index b = 0; b < order.size(); ++b) {
    data::fill(dataset, order[b], batch);
    tape.reset();
    const Tensor weights = model.weights(pass, batch).value();  // [B, T, S]
    for (Index row = 0; row < batch.B; ++row) {
      const auto at = static_cast<std::size_t>(row);
      ForcedWeights one{batch.sentences[at], batch.target_lengths[at], batch.source_lengths[at]};
      for (Index t = 0; t < one.targets; ++t) {
        for (Index s = 0; s < one.sources; ++s)
          one.values.push_back(weights.at((row * batch.T + t) * batch.S + s));
      }
      take(one);
    }
  }
}

}  // namespace regard::decoding
