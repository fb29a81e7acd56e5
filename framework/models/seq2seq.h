#pragma once
// The whole model: encoder, decoder and output layer, with their parameters.
#include <memory>
#include <span>

#include "framework/data/alignment.h"
#include "framework/data/batch.h"
#include "framework/models/attention_losses.h"
#include "framework/models/copying.h"
#include "framework/models/decoder.h"
#include "framework/models/encoder.h"

namespace regard::models {

// The output layer: logits over the target vocabulary, W [V, H], b [V].
class Output {
 public:
  // With `tied`, W is this embedding matrix, also [V, H].
  Output(Index hidden, Index vocabulary, const nn::Param* tied, nn::Params params)
      : W_(tied != nullptr ? *tied : params.add("W", {vocabulary, hidden})),
        b_(params.add("b", {vocabulary}, nn::zeros)) {}
  // readout [..., H] -> [..., V]
  [[nodiscard]] Var logits(Var readout) const;
  // The word with the largest logit for each row of readout [R, H], the first of equal ones. Nothing is recorded;
  // `logits` [R, V] is memory for them.
  void best_words(const Tensor& readout, const Tensor& logits, std::span<Index> words) const;
  // The sum over rows of readout [..., H] of the cross-entropy with `targets`, one a row (-1: none), in nats.
  [[nodiscard]] Var loss(Var readout, std::span<const Index> targets, double smoothing) const;

 private:
  const nn::Param& W_;
  const nn::Param& b_;
};

// The terms of a batch's loss beside the cross-entropy of the target words.
struct Objective {
  double smoothing = 0;
  // Scheduled sampling (Bengio et al. 2015): each previous word is the target's word with this probability, else
  // the model's best word. The choice depends on the pass's key, the sentence and the position. 1: always the
  // target's word.
  double gold_words = 1;
  AttentionWeights attention = {};
  std::span<const data::Alignment> alignments = {};  // of each line of the corpus, for guided alignment
  std::span<const Index> lines = {};                 // of each pair of the batch's dataset: its line
};

// The loss of a batch, [1] each.
struct Losses {
  Var words;  // the cross-entropy of the target's words
  Var total;  // words + sum of weight * term
  // On the tape.
  std::span<const LossTerm> terms = {};   // of attention: those of the objective, then those of the variant
  std::span<const Watched> watched = {};  // by the variant
};

// The parts of the distribution over words, with a row for each position of each sentence or hypothesis.
struct WordRows {
  Var readout;                       // [R, readout]
  Var generate, copies;              // [R, 1], [R, S] if attention copies; else empty
  std::span<const Index> sentences;  // [R] the sentence of each row, if attention copies; else empty
};

// A target forced through the model.
struct Forced {
  WordRows rows;                   // of the real target positions, sentence by sentence
  std::span<const Index> targets;  // [R] the words there
  Var weights;                     // [B, T, S]; empty without attention; undefined on target padding
};

// The attention of a teacher-forced batch, undefined on target padding.
struct Looked {
  Var weights;                // [B, T, S]; empty without attention
  std::span<const Var> maps;  // [B, T, S] each; empty where the variant has one map
};

class Seq2Seq {
 public:
  // Initial values depend on `seed` and each parameter's path and shape alone. Options that no model can have are
  // a ConfigError (attention that refuses the sizes); others were refused when the plan was read. `arithmetic`
  // stands in for what options.precision asks for. With `values` untouched the model can tell names, shapes and
  // count of its parameters, and takes no memory.
  Seq2Seq(const ModelOptions& options, Index source_vocabulary, Index target_vocabulary, std::uint64_t seed,
          std::optional<Arithmetic> arithmetic = {},
          nn::ParamStore::Values values = nn::ParamStore::Values::initial);

  // Returns the sum over the target words of a batch of -log p(word | words before it, source), in nats: [1].
  [[nodiscard]] Var loss(const nn::Pass& pass, const data::Batch& batch, double smoothing = 0) const {
    return loss(pass, batch, Objective{.smoothing = smoothing});
  }
  // The same with all terms of an objective. Its terms of attention need attention.
  [[nodiscard]] Var loss(const nn::Pass& pass, const data::Batch& batch, const Objective& objective) const {
    return losses(pass, batch, objective).total;
  }
  // Returns the loss and its parts. In training the terms contain those of the variant.
  [[nodiscard]] Losses losses(const nn::Pass& pass, const data::Batch& batch, const Objective& objective) const;
  // With an intervention, the context is computed from its weights.
  [[nodiscard]] Forced forced(const nn::Pass& pass, const data::Batch& batch,
                              const Intervention* intervention = nullptr) const;
  // Returns logits [R, V]. If attention copies `words`: log probabilities, which are logits as well, [R, V + further].
  [[nodiscard]] Tensor word_scores(const WordRows& rows, const CopyWords& words, Tape& tape) const;
  // Returns whether attention copies words of the source. Then a batch needs its data::Batch::copies.
  [[nodiscard]] bool copies() const noexcept { return copies_; }
  // Returns the attention for a batch, teacher forced.
  [[nodiscard]] Looked looks(const nn::Pass& pass, const data::Batch& batch) const;

  [[nodiscard]] const Encoder& encoder() const noexcept { return *encoder_; }
  [[nodiscard]] const Decoder& decoder() const noexcept { return *decoder_; }
  [[nodiscard]] const Output& output() const noexcept { return *output_; }
  [[nodiscard]] nn::ParamStore& params() noexcept { return *params_; }
  [[nodiscard]] const nn::ParamStore& params() const noexcept { return *params_; }
  [[nodiscard]] DType type() const noexcept { return params_->type(); }
  // Returns the arithmetic for the tapes of this model.
  [[nodiscard]] Arithmetic arithmetic() const noexcept { return arithmetic_; }
  [[nodiscard]] Index target_vocabulary() const noexcept { return target_vocabulary_; }

 private:
  // Return the cross-entropy of the target's words. If attention copies, the second one does.
  [[nodiscard]] Var word_loss(const nn::Pass& pass, const data::Batch& batch, const Step& step,
                              const Objective& objective) const;
  [[nodiscard]] Var copying_loss(const nn::Pass& pass, const data::Batch& batch, const Step& step,
                                 const Objective& objective) const;
  // The real positions of a step over a batch, and their targets.
  [[nodiscard]] Forced forced_of(const nn::Pass& pass, const data::Batch& batch, const Step& step) const;
  // Encodes the source and decodes the target with teacher forcing, or with sampling if gold_words < 1; readout
  // [B, T, readout].
  [[nodiscard]] Step read_and_write(const nn::Pass& pass, const data::Batch& batch, double gold_words,
                                    attention::Notes* notes = nullptr, bool maps = false,
                                    const Intervention* intervention = nullptr) const;
  // Decodes word by word; some previous words are the model's own.
  [[nodiscard]] Step sampled(const nn::Pass& pass, const data::Batch& batch, const Memory& memory,
                             const DecoderState& state, double gold_words) const;

  Arithmetic arithmetic_;
  std::unique_ptr<nn::ParamStore> params_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<Output> output_;
  OwnTerms own_terms_;  // of the attention variant
  Index target_vocabulary_;
  bool copies_;
};

}  // namespace regard::models
