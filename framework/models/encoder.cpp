#include "framework/models/encoder.h"

#include <fmt/format.h>

#include "framework/autodiff/ops.h"

namespace regard::models {
namespace {

// Returns, among [B * S] positions, the place of each position's word after the words of every sentence are
// reversed; </s> stays at the end. It is its own inverse.
std::span<const Index> reversed_places(Tape& tape, Index S, std::span<const Index> lengths) {
  const auto places = tape.allocate_span<Index>(static_cast<Index>(lengths.size()) * S);
  std::size_t at = 0;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    const Index words = lengths[b] - 1;
    for (Index s = 0; s < S; ++s) {
      places[at++] = static_cast<Index>(b) * S + (s < words ? words - 1 - s : s);
    }
  }
  return places;
}

std::span<const Index> picked(Tape& tape, std::span<const Index> from, std::span<const Index> places) {
  const auto to = tape.allocate_span<Index>(static_cast<Index>(places.size()));
  for (std::size_t i = 0; i < places.size(); ++i) to[i] = from[static_cast<std::size_t>(places[i])];
  return to;
}

}  // namespace

Encoder::Encoder(Index vocabulary, const ModelOptions& options, const nn::Params& params)
    : embedding_(vocabulary, options.embedding, params.scope("embedding")),
      reverse_(options.encoder.reverse_source),
      drop_words_(options.dropout.source_words, Dropout::Kind::words, "encoder/words"),
      drop_embedding_(options.dropout.embedding, options.dropout, "encoder/embedding"),
      drop_states_(options.dropout.encoder, options.dropout, "encoder/states") {
  const Index width = encoder_width(options);
  const Index directions = options.encoder.bidirectional ? 2 : 1;
  check(width % directions == 0, "an encoder of two directions needs an even width");
  for (Index at = 0; at < options.encoder.layers; ++at) {
    const std::string name = fmt::format("layer{}", at);
    const nn::Params scope = params.scope(name);
    const Index in = at == 0 ? options.embedding : width;
    Layer& layer = layers_.emplace_back(Layer{{}, LayerInput(options, "encoder", at, in, scope)});
    const auto add = [&](const char* way, Direction direction) {
      layer.directions.push_back({Recurrent(options.cell, in, width / directions, scope.scope(way)), direction,
                                  Dropout(options.dropout.states, Dropout::Kind::sequence,
                                          fmt::format("encoder/{}/{}/state", name, way))});
    };
    add("forward", Direction::forward);
    if (directions == 2) add("backward", Direction::backward);
  }
}

Encoded Encoder::operator()(const nn::Pass& pass, std::span<const Index> source, Index S,
                            std::span<const Index> lengths) const {
  const auto B = static_cast<Index>(lengths.size());
  const auto places = reverse_ ? reversed_places(pass.tape, S, lengths) : std::span<const Index>();
  const auto read = reverse_ ? picked(pass.tape, source, places) : source;
  Encoded encoded;
  Var x = drop_embedding_(pass, drop_words_(pass, embedding_(pass.tape, read, {B, S})));
  encoded.words = source;
  encoded.vectors = x;
  encoded.places = places;
  for (const Layer& layer : layers_) {
    const Var input = layer.input.read(pass, x);
    const auto run = [&](const OneWay& way) {
      return way.cell(input, lengths, {}, way.direction, way.drop_state.mask(pass, B, way.cell.hidden()));
    };
    auto [h, last] = run(layer.directions[0]);
    if (layer.directions.size() == 2) {
      const auto back = run(layer.directions[1]);
      h = concat(h, back.h);
      last.h = concat(last.h, back.last.h);
      if (!last.c.empty()) last.c = concat(last.c, back.last.c);
    }
    encoded.h_n.push_back(last.h);
    if (!last.c.empty()) encoded.c_n.push_back(last.c);
    x = layer.input.join(x, h);
  }
  encoded.h_s = drop_states_(pass, x);
  if (reverse_) {
    const Shape shape = encoded.h_s.shape();
    encoded.h_s = reshape(gather_rows(reshape(encoded.h_s, {B * S, shape[2]}), places), shape);
  }
  return encoded;
}

}  // namespace regard::models
