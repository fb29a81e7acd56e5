#pragma once
// Search for translations: beams of K hypotheses a sentence, many sentences at a time; K = 1 is greedy search.
//
// A step extends every live hypothesis by its best words. The candidates of a sentence are ranked by log
// probability (all have the same length); those of the first K that end with </s> are finished, and the best K
// others stay live. A sentence is done when K hypotheses have finished, when no live one can still reach the
// nbest, or at its length limit. The winner has the largest score (scoring.h). Ties go to the earlier hypothesis,
// then to the smaller word id, so that the result is deterministic.
//
// With a temperature there is no search: `nbest` translations are drawn word by word (sampling.h).
#include <functional>
#include <span>
#include <vector>

#include "framework/data/batch.h"
#include "framework/data/dataset.h"
#include "framework/decoding/intervened.h"
#include "framework/decoding/options.h"
#include "framework/decoding/translation.h"
#include "framework/models/seq2seq.h"

namespace regard::decoding {

// One model, or several that share both vocabularies and translate together (ensemble.h).
using Models = std::span<const models::Seq2Seq* const>;

// The translations of every source sentence of the dataset, in its order: `nbest` of each, or fewer if there are
// no more, best first; sampled ones in the order of their draws. The targets are not used. With `replaced`, a single model
// uses other attention weights.
using Translations = std::vector<std::vector<Translation>>;
[[nodiscard]] Translations translate_all(Models models, const data::Dataset& dataset, const SearchOptions& options,
                                         const Replaced* replaced = nullptr);
// Returns the best translation of each sentence, by one model.
[[nodiscard]] std::vector<Translation> translate(const models::Seq2Seq& model, const data::Dataset& dataset,
                                                 const SearchOptions& options);

// Returns the dataset's targets as translations of its sources, with words, probabilities, scores and attention,
// as if a search had found them (teacher forcing).
[[nodiscard]] std::vector<Translation> translations_given(Models models, const data::Dataset& dataset,
                                                          const SearchOptions& options);

// The sum of -log p over all target words of the dataset, </s> included, in nats, and the number of these words.
struct Loss {
  double total = 0;
  Index tokens = 0;
  [[nodiscard]] double per_token() const { return tokens == 0 ? 0 : total / static_cast<double>(tokens); }
};
[[nodiscard]] Loss forced_loss(const models::Seq2Seq& model, const data::Dataset& dataset, Index batch_sentences);

// Calls `receive` once for each sentence of the dataset, in any order, with its attention under teacher forcing;
// rows and columns are tokens and </s>. `maps` are those of an attention that has several, in the same shape; empty
// if it has one, or if `with_maps` is false. The model must have attention.
using ReceiveWeights =
    std::function<void(Index sentence, const WeightMatrix& weights, std::vector<WeightMatrix> maps)>;
void forced_weights(const models::Seq2Seq& model, const data::Dataset& dataset, Index batch_sentences,
                    const ReceiveWeights& receive, bool with_maps = false);

// Returns the maps of each translation by the model that found it, without a row for an </s> that it does not have.
// Empty if the attention has one map.
[[nodiscard]] std::vector<std::vector<WeightMatrix>> maps_of(const models::Seq2Seq& model,
                                                             const data::Dataset& dataset,
                                                             std::span<const Translation* const> translations);

}  // namespace regard::decoding
