#pragma once
// Search for translations: beams of K hypotheses a sentence, many sentences at a time; K = 1 is greedy search.
//
// A step extends every live hypothesis by its best words. The candidates of a sentence are ranked by log
// probability (all have the same length); of the first K, those that end with </s> are finished, and the best K
// that go on live. A sentence is done when K hypotheses have finished, when no live one can still win, or at its
// length limit. The winner has the largest score log p(y | x) / |y|^alpha, |y| counting </s> (alpha 1: the average
// log probability of a word). Ties go to the earlier hypothesis, then to the smaller word id, so that the result
// is one and the same.
#include <functional>
#include <vector>

#include "framework/config/rows.h"
#include "framework/data/batch.h"
#include "framework/data/dataset.h"
#include "framework/models/seq2seq.h"

namespace regard::decoding {

// Whether test sets are translated at all: a plan that still looks for its options must not see them.
enum class TestSets : std::uint8_t { decode, never };

struct SearchOptions {
  Index beam = 5;
  double length_penalty = 1;  // alpha; 0 ranks by log probability alone
  // The limit on |y|, for a source of n words: max_length_factor * n + max_length_extra, and at least 1. A
  // translation that has so many words without </s> is cut.
  double max_length_factor = 2;
  Index max_length_extra = 10;
  Index batch_sentences = 64;
  TestSets test = TestSets::decode;
};

[[nodiscard]] const config::Rows<SearchOptions>& search_rows();

// A translation as token ids, without </s>.
struct Translation {
  std::vector<Index> words;
  double log_probability = 0;  // of words and </s>, in nats
  double score = 0;            // what hypotheses are ranked by
  bool complete = false;       // ended by </s>; else cut at the length limit
  // Attention, row by row: one row a word and one for </s> (if complete), one number a source token, </s>
  // included. Empty without attention.
  std::vector<float> weights;
  Index source_length = 0;  // columns of `weights`
};

// The best translation of every source sentence of the dataset, in the dataset's order. The targets are not looked
// at.
[[nodiscard]] std::vector<Translation> translate(const models::Seq2Seq& model, const data::Dataset& dataset,
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
