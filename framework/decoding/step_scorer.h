#pragma once
// One model in search: what it has read of a batch's sources, and the state of its hypotheses. Steps alternate
// between two tapes: what one holds is what the next reads.
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "framework/autodiff/packed_weights.h"
#include "framework/models/seq2seq.h"

namespace regard::decoding {

// Which hypotheses a step is of.
struct Rows {
  std::vector<Index> from;      // where each stands in the state that the step before left
  std::vector<Index> previous;  // its last word
};

class StepScorer final {
 public:
  // The model stays as it is for the member's life.
  explicit StepScorer(const models::Seq2Seq& model);

  // Reads the sources of a batch; a hypothesis a sentence, before its first word.
  void start(const data::Batch& batch);

  // One word on. The tensors live until the step after the next.
  struct Output {
    Tensor logits;   // [N, V]
    Tensor weights;  // [N, S]; empty without attention
  };
  [[nodiscard]] Output step(const Rows& rows);

  // Leaves those sentences (ascending), whose hypotheses the next step's rows are of.
  void keep(std::span<const Index> stay);

  [[nodiscard]] const models::Seq2Seq& model() const noexcept { return *model_; }

 private:
  const models::Seq2Seq* model_;
  std::unique_ptr<PackedWeights> packed_;
  std::array<std::unique_ptr<Tape>, 2> steps_;
  std::unique_ptr<Tape> source_;
  std::size_t turn_ = 0;
  models::Memory memory_;
  std::vector<Index> lengths_;  // of the sentences; memory_ looks at them
  models::DecoderState state_;
};

}  // namespace regard::decoding
