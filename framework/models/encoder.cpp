#include "framework/models/encoder.h"

#include <fmt/format.h>

namespace regard::models {

Index encoder_width(const ModelOptions& options) {
  return options.encoder.hidden == 0 ? options.hidden : options.encoder.hidden;
}

Encoder::Encoder(Index vocabulary, const ModelOptions& options, const nn::Params& params)
    : embedding_(vocabulary, options.embedding, params.scope("embedding")),
      drop_words_(options.dropout.source_words, Dropout::Kind::words, "encoder/words"),
      drop_embedding_(options.dropout.embedding, dropout_kind(options.dropout), "encoder/embedding"),
      drop_states_(options.dropout.encoder, dropout_kind(options.dropout), "encoder/states") {
  const Index width = encoder_width(options);
  const Index directions = options.encoder.bidirectional ? 2 : 1;
  check(width % directions == 0, "an encoder of two directions needs an even width");
  for (Index at = 0; at < options.encoder.layers; ++at) {
    const nn::Params scope = params.scope(fmt::format("layer{}", at));
    const Index in = at == 0 ? options.embedding : width;
    Layer& layer = layers_.emplace_back(
        Layer{{}, {options.dropout.layers, dropout_kind(options.dropout), fmt::format("encoder/layer{}", at)}});
    layer.directions.emplace_back(options.cell, in, width / directions, scope.scope("forward"));
    if (directions == 2) layer.directions.emplace_back(options.cell, in, width / 2, scope.scope("backward"));
  }
}

Encoded Encoder::operator()(const nn::Pass& pass, std::span<const Index> source, Index S,
                            std::span<const Index> lengths) const {
  const auto B = static_cast<Index>(lengths.size());
  Encoded encoded;
  Var x = drop_embedding_(pass, drop_words_(pass, embedding_(pass.tape, source, {B, S})));
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    if (at > 0) x = layers_[at].drop(pass, x);
    const auto& directions = layers_[at].directions;
    auto [h, h_n, c_n] = directions[0](x, lengths, {}, {}, Direction::forward);
    if (directions.size() == 2) {
      const auto back = directions[1](x, lengths, {}, {}, Direction::backward);
      h = concat(h, back.h);
      h_n = concat(h_n, back.h_n);
      c_n = concat(c_n, back.c_n);
    }
    encoded.h_n.push_back(h_n);
    encoded.c_n.push_back(c_n);
    x = h;
  }
  encoded.h_s = drop_states_(pass, x);
  return encoded;
}

}  // namespace regard::models
