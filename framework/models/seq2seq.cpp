#include "framework/models/seq2seq.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/attention/registry.h"
#include "framework/autodiff/ops.h"
#include "framework/models/target_rows.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/kernels.h"

namespace regard::models {
namespace {

attention::AttentionPtr make_attention(const ModelOptions& options, attention::Sizes sizes, nn::Params params) {
  const attention::Variant* const variant = attention_of(options);
  if (variant == nullptr) return nullptr;
  return attention::make_attention(*variant, sizes, options.attention.options, std::move(params));
}

OwnTerms own_terms_of(const ModelOptions& options) {
  const attention::Variant* const variant = attention_of(options);
  if (variant == nullptr) return {};
  OwnTerms own;
  for (const attention::OwnLoss& loss : variant->losses) {
    own.names.push_back(loss.name);
    own.weights.push_back(options.attention.options.number(loss.name));
  }
  return own;
}

}  // namespace

Var Output::logits(Var readout) const { return affine(readout, W_.on(readout.tape()), b_.on(readout.tape())); }

Var Output::loss(Var readout, std::span<const Index> targets, double smoothing) const {
  return output_loss(readout, W_.on(readout.tape()), b_.on(readout.tape()), targets, smoothing);
}

void Output::best_words(const Tensor& readout, const Tensor& logits, std::span<Index> words) const {
  kernels::fill_rows(b_.value(), logits);
  kernels::matmul_nt(readout, W_.value(), logits, true);
  for_rows({logits}, logits.cols(), [cols = logits.cols(), words]<class T>(Index row, const T* x) {
    words[static_cast<std::size_t>(row)] = std::max_element(x, x + cols) - x;
  });
}

Seq2Seq::Seq2Seq(const ModelOptions& options, Index source_vocabulary, Index target_vocabulary, std::uint64_t seed,
                 std::optional<Arithmetic> arithmetic, nn::ParamStore::Values values)
    : arithmetic_(arithmetic ? *arithmetic : arithmetic_of(options.precision)),
      params_(std::make_unique<nn::ParamStore>(arithmetic_.dtype, seed,
                                               options.initializer == Initializer::uniform
                                                   ? nn::Initializers{nn::small_uniform, nn::small_uniform}
                                                   : nn::Initializers{},
                                               values)),
      own_terms_(own_terms_of(options)),
      target_vocabulary_(target_vocabulary),
      copies_(copies_words(options)) {
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
  const attention::Sizes sizes{.query = options.hidden,
                               .key = encoder_width(options),
                               .embedding = options.embedding,
                               .source_words = source_vocabulary,
                               .target_words = target_vocabulary};
  decoder_ = std::make_unique<Decoder>(target, options, make_attention(options, sizes, decoder.scope("attention")),
                                       sizes, decoder);
  const bool tied = options.tied_embeddings != Tied::none;
  check(!tied || decoder_->readout_width() == options.embedding, "tied embeddings need a readout of their width");
  output_ = std::make_unique<Output>(decoder_->readout_width(), target_vocabulary,
                                     tied ? &target.matrix() : nullptr, root.scope("output"));
}

Step Seq2Seq::read_and_write(const nn::Pass& pass, const data::Batch& batch, double gold_words,
                             attention::Notes* notes, bool maps, const Intervention* intervention) const {
  const Encoded encoded = (*encoder_)(pass, batch.source, batch.S, batch.source_lengths);
  Memory memory = decoder_->prepare_memory(pass, encoded, batch.source_lengths);
  memory.notes = notes;
  memory.maps = maps;
  memory.intervention = intervention;
  const DecoderState state = decoder_->start(pass, encoded, memory);
  return gold_words < 1 ? sampled(pass, batch, memory, state, gold_words)
                        : decoder_->advance(pass, memory, state, batch.target_in, batch.T, batch.target_lengths);
}

Forced Seq2Seq::forced(const nn::Pass& pass, const data::Batch& batch, const Intervention* intervention) const {
  return forced_of(pass, batch, read_and_write(pass, batch, 1, nullptr, false, intervention));
}

Forced Seq2Seq::forced_of(const nn::Pass& pass, const data::Batch& batch, const Step& step) const {
  check(!copies_ || !batch.copies.empty(), "an attention that copies needs a text with copies");
  const std::vector<Index>& words = copies_ ? batch.copy_targets : batch.target_out;
  const std::span<const Index> rows = target_rows(pass.tape, batch);
  const auto targets = pass.tape.allocate_span<Index>(batch.target_tokens);
  const auto sentences = pass.tape.allocate_span<Index>(copies_ ? batch.target_tokens : 0);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    targets[i] = words[static_cast<std::size_t>(rows[i])];
    if (copies_) sentences[i] = rows[i] / batch.T;
  }
  Forced forced{{at_rows(step.readout, rows), {}, {}, sentences}, targets, step.weights};
  if (!copies_) return forced;
  check(!step.copies.empty(), "a variant that extends the vocabulary returns copies at every step");
  forced.rows.generate = at_rows(step.generate, rows);
  forced.rows.copies = at_rows(step.copies, rows);
  return forced;
}

Tensor Seq2Seq::word_scores(const WordRows& rows, const CopyWords& words, Tape& tape) const {
  const Tensor logits = output_->logits(rows.readout).value().matrix();
  if (!copies_) return logits;
  return mixture_log_probabilities(logits, rows.generate.value().matrix(), rows.copies.value().matrix(), words,
                                   rows.sentences, tape);
}

Step Seq2Seq::sampled(const nn::Pass& pass, const data::Batch& batch, const Memory& memory,
                      const DecoderState& state, double gold_words) const {
  const auto previous = pass.tape.allocate_span<Index>(batch.B);
  const auto best = pass.tape.allocate_span<Index>(batch.B);
  const auto readouts = pass.tape.allocate_span<Var>(batch.T);
  const auto weights = pass.tape.allocate_span<Var>(batch.T);
  const Tensor logits = pass.tape.tensor({batch.B, target_vocabulary_});
  const Key coins = pass.dropout.with("sampling");
  Step step{state, {}, {}};
  for (Index t = 0; t < batch.T; ++t) {
    for (std::size_t b = 0; b < previous.size(); ++b) {
      const bool own = t > 0 && coins.with(batch.sentences[b]).uniform(t) >= gold_words;
      previous[b] =
          own ? best[b] : batch.target_in[b * static_cast<std::size_t>(batch.T) + static_cast<std::size_t>(t)];
    }
    step = decoder_->advance(pass, memory, step.state, previous, 1);
    readouts[static_cast<std::size_t>(t)] = step.readout;
    weights[static_cast<std::size_t>(t)] = step.weights;
    if (t + 1 < batch.T) output_->best_words(step.readout.value().matrix(), logits, best);
  }
  step.readout = concat_time(readouts);
  if (!step.weights.empty()) step.weights = concat_time(weights);
  return step;
}

Var Seq2Seq::word_loss(const nn::Pass& pass, const data::Batch& batch, const Step& step,
                       const Objective& objective) const {
  // Padding has no target, so it never reaches the output layer.
  const auto targets = pass.tape.allocate_span<Index>(batch.B * batch.T);
  for (Index b = 0; b < batch.B; ++b) {
    for (Index t = 0; t < batch.T; ++t) {
      const auto at = static_cast<std::size_t>(b * batch.T + t);
      targets[at] = t < batch.target_lengths[static_cast<std::size_t>(b)] ? batch.target_out[at] : -1;
    }
  }
  return output_->loss(step.readout, targets, objective.smoothing);
}

Var Seq2Seq::copying_loss(const nn::Pass& pass, const data::Batch& batch, const Step& step,
                          const Objective& objective) const {
  check(objective.smoothing == 0 && objective.gold_words >= 1,
        "copying has no label smoothing and no sampled words");
  const Forced forced = forced_of(pass, batch, step);
  const CopyWords words{batch.copies, batch.further};
  const Var copied = copied_of(forced.rows.copies, words, forced.rows.sentences, forced.targets);
  return mixture_loss(output_->logits(forced.rows.readout), forced.rows.generate, copied, forced.targets);
}

Losses Seq2Seq::losses(const nn::Pass& pass, const data::Batch& batch, const Objective& objective) const {
  attention::Notes notes;
  const Step step = read_and_write(pass, batch, objective.gold_words, pass.training ? &notes : nullptr);
  Losses losses;
  losses.words = copies_ ? copying_loss(pass, batch, step, objective) : word_loss(pass, batch, step, objective);
  losses.total = losses.words;
  const OwnTerms none;
  const OwnTerms& own = pass.training ? own_terms_ : none;
  if (!objective.attention.any() && own.names.empty() && notes.empty()) return losses;
  check(!step.weights.empty(), "a loss of attention needs attention");
  losses.terms =
      loss_terms(step.weights, batch, objective.attention, objective.alignments, objective.lines, own, notes);
  losses.watched = watched_means(notes, batch, pass.tape);
  for (const LossTerm& term : losses.terms) {
    if (term.weight > 0 && !term.sum.empty()) losses.total = add(losses.total, scale(term.sum, term.weight));
  }
  return losses;
}

Looked Seq2Seq::looks(const nn::Pass& pass, const data::Batch& batch) const {
  const Step step = read_and_write(pass, batch, 1, nullptr, true);
  return {step.weights, step.maps};
}

}  // namespace regard::models
