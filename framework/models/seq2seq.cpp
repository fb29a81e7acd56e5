#include "framework/models/seq2seq.h"

#include <fmt/format.h>

#include "framework/attention/registry.h"

namespace regard::models {
namespace {

attention::AttentionPtr make_attention(const ModelOptions& options, Index key, nn::Params params) {
  if (options.attention.name == "none") return nullptr;
  return attention::make_attention(attention::variants().at(options.attention.name), {options.hidden, key},
                                   options.attention.options, std::move(params));
}

}  // namespace

Seq2Seq::Seq2Seq(const ModelOptions& options, Index source_vocabulary, Index target_vocabulary, std::uint64_t seed,
                 std::optional<DType> type)
    : arithmetic_(type ? Arithmetic(*type) : arithmetic_of(options.precision)),
      params_(std::make_unique<nn::ParamStore>(
          arithmetic_.dtype, seed,
          options.initializer == Initializer::uniform ? nn::small_uniform : nn::glorot_uniform)),
      target_vocabulary_(target_vocabulary) {
  const nn::Params root(*params_);
  const nn::Params decoder = root.scope("decoder");
  encoder_ = std::make_unique<Encoder>(source_vocabulary, options, root.scope("encoder"));
  if (options.tied_embeddings == Tied::all && source_vocabulary != target_vocabulary) {
    throw ConfigError(fmt::format(
        "model.tied_embeddings: 'all' needs one vocabulary for both sides, but the source has {} words and the "
        "target {}; 'target' ties the target's alone",
        source_vocabulary, target_vocabulary));
  }
  const nn::Embedding target =
      options.tied_embeddings == Tied::all
          ? nn::Embedding(encoder_->embedding_matrix())
          : nn::Embedding(target_vocabulary, options.embedding, decoder.scope("embedding"));
  decoder_ = std::make_unique<Decoder>(
      target, options, make_attention(options, encoder_width(options), decoder.scope("attention")), decoder);
  const bool tied = options.tied_embeddings != Tied::none;
  check(!tied || decoder_->readout_width() == options.embedding, "tied embeddings need a readout of their width");
  output_ = std::make_unique<Output>(decoder_->readout_width(), target_vocabulary,
                                     tied ? &target.matrix() : nullptr, root.scope("output"));
}

Step Seq2Seq::forced(const nn::Pass& pass, const data::Batch& batch) const {
  const Encoded encoded = (*encoder_)(pass, batch.source, batch.S, batch.source_lengths);
  const Memory memory = decoder_->remember(pass, encoded, batch.source_lengths);
  const DecoderState state = decoder_->start(pass, encoded, memory);
  return decoder_->advance(pass, memory, state, batch.target_in, batch.T, batch.target_lengths);
}

Var Seq2Seq::loss(const nn::Pass& pass, const data::Batch& batch, double smoothing) const {
  const Step step = forced(pass, batch);
  // Only real positions reach the output layer.
  const auto rows = pass.tape.room<Index>(batch.target_tokens);
  const auto targets = pass.tape.room<Index>(batch.target_tokens);
  std::size_t at = 0;
  for (Index b = 0; b < batch.B; ++b) {
    for (Index t = 0; t < batch.target_lengths[static_cast<std::size_t>(b)]; ++t, ++at) {
      rows[at] = b * batch.T + t;
      targets[at] = batch.target_out[static_cast<std::size_t>(rows[at])];
    }
  }
  const Shape shape = step.readout.shape();
  const Var readout = gather_rows(reshape(step.readout, {shape[0] * shape[1], shape[2]}), rows);
  return output_->loss(readout, targets, smoothing);
}

Var Seq2Seq::weights(const nn::Pass& pass, const data::Batch& batch) const { return forced(pass, batch).weights; }

}  // namespace regard::models
