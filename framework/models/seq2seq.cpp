#include "framework/models/seq2seq.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/attention/registry.h"
#include "framework/autodiff/ops.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/kernels.h"

namespace regard::models {
namespace {

attention::AttentionPtr make_attention(const ModelOptions& options, Index key, nn::Params params) {
  if (options.attention.name == "none") return nullptr;
  return attention::make_attention(attention::variants().at(options.attention.name), {options.hidden, key},
                                   options.attention.options, std::move(params));
}

// The links of a target word as A_ts, for the words that have any; the sum of -A_ts log a_ts. Empty without links.
Var alignment_loss(const nn::Pass& pass, Var weights, const data::Batch& batch, const Objective& objective) {
  const auto links_of = [&](Index b) -> const data::Alignment& {
    const auto pair = static_cast<std::size_t>(batch.sentences[static_cast<std::size_t>(b)]);
    return objective.alignments[static_cast<std::size_t>(objective.lines[pair])];
  };
  // How many links each target position has.
  const auto links = pass.tape.allocate_span<Index>(batch.B * batch.T);
  std::fill(links.begin(), links.end(), Index{0});
  for (Index b = 0; b < batch.B; ++b) {
    for (const data::Link& link : links_of(b)) {
      check(link.source < batch.source_lengths[static_cast<std::size_t>(b)] &&
                link.target < batch.target_lengths[static_cast<std::size_t>(b)],
            "an alignment links words of its own sentence pair");
      ++links[static_cast<std::size_t>(b * batch.T + link.target)];
    }
  }
  const Index linked = batch.B * batch.T - std::count(links.begin(), links.end(), Index{0});
  if (linked == 0) return {};
  // Only their rows are used; rows without a target word are undefined.
  const auto rows = pass.tape.allocate_span<Index>(linked);
  const auto place = pass.tape.allocate_span<Index>(batch.B * batch.T);
  std::size_t at = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i] == 0) continue;
    place[i] = static_cast<Index>(at);
    rows[at++] = static_cast<Index>(i);
  }
  const Tensor shares = pass.tape.zeros({linked, batch.S});
  for (Index b = 0; b < batch.B; ++b) {
    for (const data::Link& link : links_of(b)) {
      const auto i = static_cast<std::size_t>(b * batch.T + link.target);
      shares.set(place[i] * batch.S + link.source, -1 / static_cast<double>(links[i]));
    }
  }
  constexpr double kLeast = 1e-8;  // a weight of zero costs much, not infinity
  const Var seen = gather_rows(reshape(weights, {batch.B * batch.T, batch.S}), rows);
  return sum(mul(log(add_number(seen, kLeast)), pass.tape.input(shares)));
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

Step Seq2Seq::read_and_write(const nn::Pass& pass, const data::Batch& batch, double gold_words) const {
  const Encoded encoded = (*encoder_)(pass, batch.source, batch.S, batch.source_lengths);
  const Memory memory = decoder_->prepare_memory(pass, encoded, batch.source_lengths);
  const DecoderState state = decoder_->start(pass, encoded, memory);
  return gold_words < 1 ? sampled(pass, batch, memory, state, gold_words)
                        : decoder_->advance(pass, memory, state, batch.target_in, batch.T, batch.target_lengths);
}

Forced Seq2Seq::forced(const nn::Pass& pass, const data::Batch& batch) const {
  const Step step = read_and_write(pass, batch, 1);
  const auto rows = pass.tape.allocate_span<Index>(batch.target_tokens);
  const auto targets = pass.tape.allocate_span<Index>(batch.target_tokens);
  std::size_t at = 0;
  for (Index b = 0; b < batch.B; ++b) {
    for (Index t = 0; t < batch.target_lengths[static_cast<std::size_t>(b)]; ++t, ++at) {
      rows[at] = b * batch.T + t;
      targets[at] = batch.target_out[static_cast<std::size_t>(rows[at])];
    }
  }
  const Shape shape = step.readout.shape();
  return {gather_rows(reshape(step.readout, {shape[0] * shape[1], shape[2]}), rows), targets, step.weights};
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

Losses Seq2Seq::losses(const nn::Pass& pass, const data::Batch& batch, const Objective& objective) const {
  const Step step = read_and_write(pass, batch, objective.gold_words);
  // Padding has no target, so it never reaches the output layer.
  const auto targets = pass.tape.allocate_span<Index>(batch.B * batch.T);
  for (Index b = 0; b < batch.B; ++b) {
    for (Index t = 0; t < batch.T; ++t) {
      const auto at = static_cast<std::size_t>(b * batch.T + t);
      targets[at] = t < batch.target_lengths[static_cast<std::size_t>(b)] ? batch.target_out[at] : -1;
    }
  }
  const Var words = output_->loss(step.readout, targets, objective.smoothing);
  if (objective.alignment_weight == 0) return {words, words};
  check(!step.weights.empty(), "guided alignment needs attention");
  const Var guided = alignment_loss(pass, step.weights, batch, objective);
  return {words, guided.empty() ? words : add(words, scale(guided, objective.alignment_weight))};
}

Var Seq2Seq::weights(const nn::Pass& pass, const data::Batch& batch) const {
  return read_and_write(pass, batch, 1).weights;
}

}  // namespace regard::models
