#pragma once
// The encoder: embeddings and a stack of LSTM layers, each in one or both directions, over padded sentences.
#include <span>
#include <vector>

#include "framework/models/layer_vars.h"
#include "framework/models/options.h"
#include "framework/nn/layers.h"

namespace regard::models {

// What the encoder hands on: all states of the top layer, and each layer's final state. With two directions the
// widths are the directions' side by side, and the backward direction's final state is the one at the first
// position.
struct Encoded {
  Var h_s;        // [B, S, width], zero on padding
  LayerVars h_n;  // a layer: [B, width]
  LayerVars c_n;
};

class Encoder {
 public:
  // `width` is that of the output; each of two directions has half of it.
  Encoder(Index vocabulary, Index embedding, Index width, const EncoderOptions& options,
          const DropoutOptions& dropout, nn::Params params);

  // source [B * S] token ids, padded; lengths [B].
  [[nodiscard]] Encoded operator()(const nn::Pass& pass, std::span<const Index> source, Index S,
                                   std::span<const Index> lengths) const;

 private:
  struct Layer {
    std::vector<nn::Lstm> directions;  // forward, and backward if there is one
  };
  nn::Embedding embedding_;
  std::vector<Layer> layers_;
  DropoutOptions dropout_;
};

}  // namespace regard::models
