#pragma once
// The distribution over words if attention copies (attention::Attended::copies):
//   p(w) = generate softmax(logits)_w + sum of copies_s over the source positions s whose word is w
// w is a word of the target's vocabulary, or one of the sentence's own beyond it (data::Batch::further_words).
#include <span>

#include "framework/autodiff/tape.h"
#include "framework/tensor/tensor.h"

namespace regard::models {

// The words that can be copied in a batch of B sentences.
struct CopyWords {
  std::span<const Index> ids;  // [B, S]; V + k is a sentence's own word k; -1 on padding
  Index further = 0;           // the most words of a sentence's own
};

// Returns -sum over rows of ln p(target): [1]. logits [R, V], generate [R, 1], copied [R, 1]: the probability that the
// target's word is copied. A target of V or more can only be copied. p is at least 1e-30.
[[nodiscard]] Var mixture_loss(Var logits, Var generate, Var copied, std::span<const Index> targets);

// Returns copied [R, 1] for copies [R, S]: the sum over the positions whose word is the row's target. `sentences` [R] has
// the sentence of each row.
[[nodiscard]] Var copied_of(Var copies, const CopyWords& words, std::span<const Index> sentences,
                            std::span<const Index> targets);

// Returns ln p of all words [R, V + further], on the tape. A word with probability 0 has about -69.
[[nodiscard]] Tensor mixture_log_probabilities(const Tensor& logits, const Tensor& generate, const Tensor& copies,
                                               const CopyWords& words, std::span<const Index> sentences,
                                               Tape& tape);

}  // namespace regard::models
