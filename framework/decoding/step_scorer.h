#pragma once
// One model in search: the encoded sources of a batch, and the state of its hypotheses. Steps alternate between
// two tapes: each step reads the state that the previous one left on the other tape.
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "framework/autodiff/packed_weights.h"
#include "framework/decoding/intervened.h"
#include "framework/models/seq2seq.h"

namespace regard::decoding {

// The hypotheses of a step.
struct Rows {
  std::vector<Index> from;      // the row of each in the state of the previous step
  std::vector<Index> previous;  // its last word
};

class StepScorer final {
 public:
  // The model must not change during the lifetime of the scorer.
  explicit StepScorer(const models::Seq2Seq& model);
  // The same with other weights in place of the model's. A guide goes along: it reads the same words at each step.
  StepScorer(const models::Seq2Seq& model, const Replaced& replaced);

  // Encodes the sources of a batch. Each sentence has one hypothesis, before its first word.
  void start(const data::Batch& batch);

  // The result of one step. The tensors are valid until the step after the next.
  struct Output {
    Tensor logits;   // [N, V], or [N, V + words that the sentences have beyond it] where attention copies
    Tensor weights;  // [N, S]; empty without attention
  };
  [[nodiscard]] Output step(const Rows& rows);

  // Keeps only these sentences (ascending). The next step's rows belong to them.
  void keep(std::span<const Index> stay);

  [[nodiscard]] const models::Seq2Seq& model() const noexcept { return *model_; }

 private:
  void refer();  // makes memory_ refer to lengths_ and words_
  // The words as the decoder may read them.
  [[nodiscard]] std::span<const Index> known(std::span<const Index> words, Tape& tape) const;
  const models::Seq2Seq* model_;
  std::unique_ptr<PackedWeights> packed_;
  std::array<std::unique_ptr<Tape>, 2> steps_;
  std::unique_ptr<Tape> source_;
  std::size_t turn_ = 0;
  models::Memory memory_;
  std::vector<Index> lengths_, words_;  // of the sentences; memory_ refers to them
  std::vector<Index> copies_;           // data::Batch::copies of the sentences; empty unless attention copies
  Index further_ = 0;
  models::DecoderState state_;
  std::optional<models::Intervention> intervention_;
  std::vector<Index> sentences_;       // of the batch that are left, for the intervention
  std::unique_ptr<StepScorer> guide_;  // whose weights replace the model's
};

}  // namespace regard::decoding
