#include "framework/autodiff/packed_weights.h"
#include "framework/decoding/search.h"

namespace regard::decoding {

Loss forced_loss(const models::Seq2Seq& model, const data::Dataset& dataset, Index batch_sentences) {
  const data::BatchOrder order = data::evaluation_order(dataset, {.sentences = batch_sentences});
  PackedWeights weights;
  Tape tape(model.arithmetic(), Tape::Mode::evaluate, &weights);
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

}  // namespace regard::decoding
