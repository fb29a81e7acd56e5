#include <algorithm>
#include <memory>

#include "framework/autodiff/packed_weights.h"
#include "framework/decoding/beam.h"
#include "framework/decoding/ensemble.h"
#include "framework/decoding/search.h"
#include "framework/tensor/kernels_loss.h"

namespace regard::decoding {
namespace {

// The logits of all target words of a batch are in memory at once: [words, V] for each model.
constexpr Index kScoredSentences = 8;

// The predictions of several models for a batch's targets.
struct Predictions {
  std::vector<double> log_p;      // [R, V] where there are several
  std::vector<double> of_target;  // [R]
  std::vector<float> weights;     // [B, T, S]; empty where none has attention
};

Predictions predict(Models models, const std::vector<std::unique_ptr<Tape>>& tapes, const data::Batch& batch) {
  Predictions predictions;
  std::vector<Tensor> logits;
  std::span<const Index> targets;
  Index attending = 0;
  for (std::size_t i = 0; i < models.size(); ++i) {
    tapes[i]->reset();
    const models::Forced forced = models[i]->forced(nn::Pass{*tapes[i]}, batch);
    logits.push_back(models[i]->word_scores(forced.rows, {batch.copies, batch.further}, *tapes[i]));
    targets = forced.targets;
    if (forced.weights.empty()) continue;
    add_weights(forced.weights.value(), predictions.weights);
    ++attending;
  }
  divide_weights(predictions.weights, attending);
  if (models.size() > 1) mean_log_probabilities(logits, predictions.log_p);
  const Tensor all =
      models.size() > 1 ? Tensor(predictions.log_p.data(), DType::f64, logits.front().shape()) : logits.front();
  for (Index row = 0; row < all.rows(); ++row) {
    const Tensor one = all.slice(row, 1);
    const double total = dispatch(
        one.type(), [&](auto tag) { return kernels::log_sum_exp(one.size(), one.data<decltype(tag)>()); });
    predictions.of_target.push_back(one.at(targets[static_cast<std::size_t>(row)]) - total);
  }
  return predictions;
}

// Options of a search with one translation, of this many words with </s>.
SearchOptions given(SearchOptions options, Index words) {
  options.nbest = 1;
  options.min_length = words;  // no limit cuts it
  return options;
}

}  // namespace

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
                    const ReceiveWeights& receive, bool with_maps) {
  const data::BatchOrder order = data::evaluation_order(dataset, {.sentences = batch_sentences});
  PackedWeights packed;
  Tape tape(model.arithmetic(), Tape::Mode::evaluate, &packed);
  const nn::Pass pass{tape};
  data::Batch batch;
  for (Index b = 0; b < order.size(); ++b) {
    data::fill(dataset, order[b], batch);
    tape.reset();
    const models::Looked looked = model.looks(pass, batch);
    for (Index row = 0; row < batch.B; ++row) {
      const auto at = static_cast<std::size_t>(row);
      const auto read = [&](const Var& x) {
        const Tensor weights = x.value();  // [B, T, S]
        WeightMatrix own{batch.target_lengths[at], batch.source_lengths[at]};
        for (Index t = 0; t < own.targets; ++t) {
          for (Index s = 0; s < own.sources; ++s)
            own.values.push_back(weights.at((row * batch.T + t) * batch.S + s));
        }
        return own;
      };
      std::vector<WeightMatrix> maps;
      for (const Var& map : with_maps ? looked.maps : std::span<const Var>()) maps.push_back(read(map));
      receive(batch.sentences[at], read(looked.weights), std::move(maps));
    }
  }
}

// Makes the translations the targets of a dataset and reads their weights under teacher forcing.
std::vector<std::vector<WeightMatrix>> maps_of(const models::Seq2Seq& model, const data::Dataset& dataset,
                                               std::span<const Translation* const> translations) {
  std::vector<std::vector<WeightMatrix>> all(translations.size());
  const auto fill = [&](std::size_t begin, std::size_t end) {
    data::Dataset own;
    for (std::size_t i = begin; i < end; ++i) {
      std::vector<data::TokenId> words;
      for (const Index word : translations[i]->words)
        words.push_back(word < model.target_vocabulary() ? static_cast<data::TokenId>(word) : data::kUnk);
      own.source.add(dataset.source[static_cast<Index>(i)]);
      own.target.add(words);
      own.lines.push_back(static_cast<Index>(i));
    }
    const auto receive = [&](Index sentence, const WeightMatrix&, std::vector<WeightMatrix> maps) {
      const std::size_t i = begin + static_cast<std::size_t>(sentence);
      for (WeightMatrix& map : maps) {
        if (!translations[i]->complete) map.remove_last_row();
        all[i].push_back(std::move(map));
      }
    };
    forced_weights(model, own, kScoredSentences, receive, true);
  };
  // The first translation shows whether there is more than one map.
  if (!translations.empty()) fill(0, 1);
  if (!translations.empty() && !all.front().empty()) fill(1, translations.size());
  return all;
}

std::vector<Translation> translations_given(Models models, const data::Dataset& dataset,
                                            const SearchOptions& options) {
  std::vector<Translation> translations(static_cast<std::size_t>(dataset.size()));
  const data::BatchOrder order =
      data::evaluation_order(dataset, {.sentences = std::min(options.batch_sentences, kScoredSentences)});
  std::vector<PackedWeights> packed(models.size());
  std::vector<std::unique_ptr<Tape>> tapes;
  for (std::size_t i = 0; i < models.size(); ++i)
    tapes.push_back(std::make_unique<Tape>(models[i]->arithmetic(), Tape::Mode::evaluate, &packed[i]));
  data::Batch batch;
  for (Index b = 0; b < order.size(); ++b) {
    data::fill(dataset, order[b], batch);
    const Predictions predictions = predict(models, tapes, batch);
    const std::vector<Index>& written = models.front()->copies() ? batch.copy_targets : batch.target_out;
    std::size_t row = 0;
    for (Index i = 0; i < batch.B; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const Index words = batch.target_lengths[at];
      Beam beam(batch.source_lengths[at], given(options, words));
      for (Index t = 0; t < words; ++t, ++row) {
        const Candidate word{written[static_cast<std::size_t>(i * batch.T + t)], predictions.of_target[row]};
        const float* const weights =
            predictions.weights.empty() ? nullptr : predictions.weights.data() + (i * batch.T + t) * batch.S;
        beam.advance_drawn({&word, 1}, weights, batch.S);
      }
      Translation& translation = translations[static_cast<std::size_t>(batch.sentences[at])];
      translation = beam.result();
      if (batch.further > 0) name_further(translation, batch, at, models.front()->target_vocabulary());
    }
  }
  return translations;
}

}  // namespace regard::decoding
