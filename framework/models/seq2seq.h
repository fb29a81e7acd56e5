#pragma once
// The whole model: encoder, decoder, output layer, and the parameters they share a store with.
#include <memory>
#include <span>

#include "framework/data/batch.h"
#include "framework/models/decoder.h"
#include "framework/models/encoder.h"

namespace regard::models {

// Logits over the target vocabulary, W [V, H], b [V].
class Output {
 public:
  // With `tied` W is that embedding, [V, H] as well.
  Output(Index hidden, Index vocabulary, const nn::Param* tied, nn::Params params)
      : W_(tied != nullptr ? *tied : params.add("W", {vocabulary, hidden})),
        b_(params.add("b", {vocabulary}, nn::zeros)) {}
  // readout [..., H] -> [..., V]
  [[nodiscard]] Var logits(Var readout) const {
    return affine(readout, W_.on(readout.tape()), b_.on(readout.tape()));
  }
  // The sum over rows of readout [R, H] of the cross-entropy with `targets` [R], in nats.
  [[nodiscard]] Var loss(Var readout, std::span<const Index> targets, double smoothing) const {
    return output_loss(readout, W_.on(readout.tape()), b_.on(readout.tape()), targets, smoothing);
  }

 private:
  const nn::Param& W_;
  const nn::Param& b_;
};

class Seq2Seq {
 public:
  // Initial values depend on `seed` and each parameter's path and shape alone. Options that no model can have are
  // a ConfigError (attention that refuses the sizes); others were refused when the plan was read. `type` stands in
  // for the element type that options.precision asks for.
  Seq2Seq(const ModelOptions& options, Index source_vocabulary, Index target_vocabulary, std::uint64_t seed,
          std::optional<DType> type = {});

  // The sum over the target words of a batch of -log p(word | words before it, source), in nats: [1].
  [[nodiscard]] Var loss(const nn::Pass& pass, const data::Batch& batch, double smoothing = 0) const;
  // Teacher-forced weights [B, T, S] of a batch; empty without attention.
  [[nodiscard]] Var weights(const nn::Pass& pass, const data::Batch& batch) const;

  [[nodiscard]] const Encoder& encoder() const noexcept { return *encoder_; }
  [[nodiscard]] const Decoder& decoder() const noexcept { return *decoder_; }
  [[nodiscard]] const Output& output() const noexcept { return *output_; }
  [[nodiscard]] nn::ParamStore& params() noexcept { return *params_; }
  [[nodiscard]] const nn::ParamStore& params() const noexcept { return *params_; }
  [[nodiscard]] DType type() const noexcept { return params_->type(); }
  // What the tapes of this model are to be made with.
  [[nodiscard]] Arithmetic arithmetic() const noexcept { return arithmetic_; }
  [[nodiscard]] Index target_vocabulary() const noexcept { return target_vocabulary_; }

 private:
  [[nodiscard]] Step forced(const nn::Pass& pass, const data::Batch& batch) const;

  Arithmetic arithmetic_;
  std::unique_ptr<nn::ParamStore> params_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<Decoder> decoder_;
  std::unique_ptr<Output> output_;
  Index target_vocabulary_;
};

}  // namespace regard::models
