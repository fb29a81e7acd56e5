#include "framework/models/encoder.h"

#include <fmt/format.h>

namespace regard::models {

Encoder::Encoder(Index vocabulary, Index embedding, Index width, const EncoderOptions& options,
                 const DropoutOptions& dropout, nn::Params params)
    : embedding_(vocabulary, embedding, params.scope("embedding")), dropout_(dropout) {
  const Index directions = options.bidirectional ? 2 : 1;
  check(width % directions == 0, "an encoder of two directions needs an even width");
  for (Index at = 0; at < options.layers; ++at) {
    const nn::Params scope = params.scope(fmt::format("layer{}", at));
    const Index in = at == 0 ? embedding : width;
    Layer& layer = layers_.emplace_back();
    layer.directions.emplace_back(in, width / directions, scope.scope("forward"));
    if (options.bidirectional) layer.directions.emplace_back(in, width / directions, scope.scope("backward"));
  }
}

Encoded Encoder::operator()(const nn::Pass& pass, std::span<const Index> source, Index S,
                            std::span<const Index> lengths) const {
  const auto B = static_cast<Index>(lengths.size());
  Encoded encoded;
  Var x = pass.drop(embedding_(pass.tape, source, {B, S}), dropout_.embedding, "encoder/embedding");
  for (std::size_t at = 0; at < layers_.size(); ++at) {
    if (at > 0) x = pass.drop(x, dropout_.layers, fmt::format("encoder/layer{}", at));
    const auto& directions = layers_[at].directions;
    auto [h, h_n, c_n] = directions[0](x, lengths, {}, {}, Direction::forward);
    if (directions.size() == 2) {
      const auto [back, back_n, back_c] = directions[1](x, lengths, {}, {}, Direction::backward);
      h = concat(h, back);
      h_n = concat(h_n, back_n);
      c_n = concat(c_n, back_c);
    }
    encoded.h_n.push_back(h_n);
    encoded.c_n.push_back(c_n);
    x = h;
  }
  encoded.h_s = x;
  return encoded;
}

}  // namespace regard::models
