#pragma once
// Several models that make one translation together. The probability of a word is the mean of the models'
// probabilities (equal weights); the attention is the mean over the models that have attention. The models may be
// of different kinds, but must share both vocabularies.
#include <span>
#include <vector>

#include "framework/decoding/step_scorer.h"
#include "framework/decoding/translation.h"

namespace regard::decoding {

// Computes y[row, w] = log(1/n sum_i softmax(logits_i)[row, w]), computed in double. `logits` are n > 0 tensors
// [rows, V].
void mean_log_probabilities(std::span<const Tensor> logits, std::vector<double>& y);

// Several scorers with the interface of one. A single scorer adds no cost to its own step.
class Ensemble final {
 public:
  // `replaced`: other weights in place of those of a single model; null: none.
  explicit Ensemble(std::span<const models::Seq2Seq* const> models, const Replaced* replaced = nullptr);

  void start(const data::Batch& batch);
  // Logits, or log probabilities, which are logits as well; they are valid until the next step.
  struct Output {
    Tensor logits;                   // [N, V]
    const float* weights = nullptr;  // [N, S]; null if no scorer has attention
    Index columns = 0;               // S
  };
  [[nodiscard]] Output step(const Rows& rows);
  void keep(std::span<const Index> stay);

  [[nodiscard]] Index target_vocabulary() const { return scorers_.front().model().target_vocabulary(); }

 private:
  std::vector<StepScorer> scorers_;
  std::vector<double> mean_;
  std::vector<float> weights_;
};

// Gives words of a translation that are a sentence's own beyond the vocabulary of V words (V + k of
// data::Batch::further_words) their ids in data::FurtherWords.
void name_further(Translation& translation, const data::Batch& batch, std::size_t sentence, Index V);

// Divides the attention weights in `sum`, which were added over `scorers` models, by their number.
void divide_weights(std::vector<float>& sum, Index scorers);
// Adds x to `sum`, or sets `sum` to x if it is empty.
void add_weights(const Tensor& x, std::vector<float>& sum);

}  // namespace regard::decoding
