#include "framework/decoding/intervened.h"

#include <optional>

#include "framework/autodiff/packed_weights.h"
#include "framework/data/batch.h"
#include "framework/tensor/kernels_loss.h"

namespace regard::decoding {
namespace {

// The logits of all target words of a batch are in memory at once.
constexpr Index kSentences = 8;

// Puts the rows of each sentence into [B, T, S].
void put_rows(const std::vector<WeightMatrix>& rows, const data::Batch& batch, const Tensor& given) {
  for (Index b = 0; b < batch.B; ++b) {
    const WeightMatrix& own = rows.at(static_cast<std::size_t>(batch.sentences[static_cast<std::size_t>(b)]));
    for (Index t = 0; t < own.targets; ++t) {
      for (Index s = 0; s < own.sources; ++s) given.set((b * batch.T + t) * batch.S + s, own.at(t, s));
    }
  }
}

}  // namespace

std::vector<double> sentence_losses(const models::Seq2Seq& model, const data::Dataset& dataset,
                                    const Replaced* replaced) {
  std::vector<double> losses(static_cast<std::size_t>(dataset.size()));
  const data::BatchOrder order = data::evaluation_order(dataset, {.sentences = kSentences});
  PackedWeights packed;
  Tape tape(model.arithmetic(), Tape::Mode::evaluate, &packed);
  PackedWeights guide_packed;
  std::optional<Tape> guide_tape;
  const models::Seq2Seq* const guide = replaced == nullptr ? nullptr : replaced->guide;
  if (guide != nullptr) guide_tape.emplace(guide->arithmetic(), Tape::Mode::evaluate, &guide_packed);
  data::Batch batch;
  for (Index b = 0; b < order.size(); ++b) {
    data::fill(dataset, order[b], batch);
    tape.reset();
    models::Intervention intervention;
    if (replaced != nullptr) {
      intervention.replacement = replaced->replacement;
      intervention.seed = replaced->seed;
      intervention.sentences = batch.sentences;
      if (guide != nullptr) {
        guide_tape->reset();
        intervention.given = guide->looks(nn::Pass{*guide_tape}, batch).weights.value();
      } else if (replaced->rows != nullptr) {
        intervention.given = tape.zeros({batch.B, batch.T, batch.S});
        put_rows(*replaced->rows, batch, intervention.given);
      }
    }
    const models::Forced forced =
        model.forced(nn::Pass{tape}, batch, replaced == nullptr ? nullptr : &intervention);
    const Tensor logits = model.word_scores(forced.rows, {batch.copies, batch.further}, tape);
    Index row = 0;
    for (std::size_t i = 0; i < batch.sentences.size(); ++i) {
      double& loss = losses[static_cast<std::size_t>(batch.sentences[i])];
      for (Index t = 0; t < batch.target_lengths[i]; ++t, ++row) {
        const Tensor one = logits.slice(row, 1);
        const double total = dispatch(
            one.type(), [&](auto tag) { return kernels::log_sum_exp(one.size(), one.data<decltype(tag)>()); });
        loss += total - one.at(forced.targets[static_cast<std::size_t>(row)]);
      }
    }
  }
  return losses;
}

}  // namespace regard::decoding
