#pragma once
// Search for translations: beams of K hypotheses a sentence, many sentences at a time; K = 1 is greedy search.
//
// A step extends every live hypothesis by its best words. The candidates of a sentence are ranked by log
// probability (all have the same length); of the first K, those that end with </s> are finished, and the best K
// that go on live. A sentence is done when K hypotheses have finished, when no live one can still come among the
// nbest, or at its length limit. The winner has the largest score (scoring.h). Ties go to the earlier hypothesis,
// then to the smaller word id, so that the result is one and the same.
//
// With a temperature nothing is searched for: `nbest` translations are drawn word by word (sampling.h).
#include <functional>
#include <span>
#include <vector>

#include "framework/data/batch.h"
#include "framework/data/dataset.h"
#include "framework/decoding/options.h"
#include "framework/decoding/translation.h"
#include "framework/models/seq2seq.h"

namespace regard::decoding {

// One model, or several that share both vocabularies and write together (ensemble.h).
using Models = std::span<const models::Seq2Seq* const>;

// The best translations of every source sentence of the dataset, in its order: `nbest` of each, or fewer where
// there are no more. Best first; drawn ones in the order of their draws. The targets are not looked at.
using Translations = std::vector<std::vector<Translation>>;
[[nodiscard]] Translations translate_all(Models models, const data::Dataset& dataset,
                                         const SearchOptions& options);
// The first of each, by one model.
[[nodiscard]] std::vector<Translation> translate(const models::Seq2Seq& model, const data::Dataset& dataset,
                                                 const SearchOptions& options);

// The dataset's targets as translations of its sources: their words, probabilities, scores and attention, as if a
// search had found them (teacher forcing).
[[nodiscard]] std::vector<Translation> translations_given(Models models, const data::Dataset& dataset,
                                                          const SearchOptions& options);

// The sum of -log p over all target words of the dataset, </s> included, in nats, and how many they are.
struct Loss {
  double total = 0;
  Index tokens = 0;
  [[nodiscard]] double per_token() const { return tokens == 0 ? 0 : total / static_cast<double>(tokens); }
};
[[nodiscard]] Loss forced_loss(const models::Seq2Seq& model, const data::Dataset& dataset, Index batch_sentences);

// Attention while the decoder is made to write the dataset's targets. [targets, sources], row by row: targets the
// sentence's words and </s>, sources the source's words and </s>.
struct ForcedWeights {
  Index sentence = 0;  // of the dataset
  Index targets = 0;
  Index sources = 0;
  std::vector<double> values = {};
};
// Calls `take` once for each sentence, in no promised order. The model has attention.
void forced_weights(const models::Seq2Seq& model, const data::Dataset& dataset, Index batch_sentences,
                    const std::function<void(const ForcedWeights&)>& take);

}  // namespace regard::decoding
