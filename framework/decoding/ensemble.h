#pragma once
// Several models that write one translation: the probability of a word is the mean of what they say (equal
// weights), and where they look is the mean over those that have attention. They may be of different kinds, as
// long as they share both vocabularies.
#include <span>
#include <vector>

#include "framework/decoding/step_scorer.h"

namespace regard::decoding {

// y[row, w] = log(1/n sum_i softmax(logits_i)[row, w]), computed in double. `logits` are n > 0 tensors [rows, V].
void mean_log_probabilities(std::span<const Tensor> logits, std::vector<double>& y);

// What several say of the next word, as one member would. One member costs nothing beside its own step.
class Ensemble final {
 public:
  explicit Ensemble(std::span<const models::Seq2Seq* const> models);

  void start(const data::Batch& batch);
  // Logits, or log probabilities, which are logits as well; they live until the next step.
  struct Output {
    Tensor logits;                   // [N, V]
    const float* weights = nullptr;  // [N, S]; null where no member has attention
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

// The mean of attention weights, added up in `sum`, which holds those of `members` models.
void divide_weights(std::vector<float>& sum, Index scorers);
// Adds x to `sum`, or sets it where it is empty.
void add_weights(const Tensor& x, std::vector<float>& sum);

}  // namespace regard::decoding
