#pragma once
// The encoder: embeddings and a stack of recurrent layers, each in one or both directions, over padded sentences.
#include <span>
#include <vector>

#include "framework/models/dropout.h"
#include "framework/models/layer_vars.h"
#include "framework/models/options.h"
#include "framework/models/recurrent.h"

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
  // The width of the output is options.encoder.hidden, or the model's; each of two directions has half of it.
  Encoder(Index vocabulary, const ModelOptions& options, const nn::Params& params);

  // source [B * S] token ids, padded; lengths [B].
  [[nodiscard]] Encoded operator()(const nn::Pass& pass, std::span<const Index> source, Index S,
                                   std::span<const Index> lengths) const;

 private:
  struct Layer {
    std::vector<Recurrent> directions;  // forward, and backward if there is one
    Dropout drop;                       // of what it reads from the layer below
  };
  nn::Embedding embedding_;
  std::vector<Layer> layers_;
  Dropout drop_words_, drop_embedding_, drop_states_;
};

// The width of the encoder's output.
[[nodiscard]] Index encoder_width(const ModelOptions& options);

// How the units of a model are dropped: a mask a step, or one a sentence.
[[nodiscard]] inline Dropout::Kind dropout_kind(const DropoutOptions& options) {
  return options.variational ? Dropout::Kind::sequence : Dropout::Kind::steps;
}

}  // namespace regard::models
