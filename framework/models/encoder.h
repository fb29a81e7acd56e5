#pragma once
// The encoder: embeddings and a stack of recurrent layers, each in one or both directions, over padded sentences.
#include <span>
#include <vector>

#include "framework/models/layer_input.h"
#include "framework/models/layer_vars.h"
#include "framework/models/recurrent.h"

namespace regard::models {

// The output of the encoder: all states of the top layer, and each layer's final state. Two directions are
// concatenated, and the final state of the backward direction is the one at the first word. States are in the
// order of the source, also if it is read in reverse.
struct Encoded {
  Var h_s;        // [B, S, width], zero on padding
  LayerVars h_n;  // a layer: [B, width]
  LayerVars c_n;  // the same of an LSTM; empty for a GRU
  // The words in the source's order, as they were given; their vectors [B, S, embedding] in the order in which they
  // were read; and, if that is another one, the row of each position there.
  std::span<const Index> words = {};
  Var vectors = {};
  std::span<const Index> places = {};
};

class Encoder {
 public:
  // The width of the output is encoder_width(options). With two directions each has half of it.
  Encoder(Index vocabulary, const ModelOptions& options, const nn::Params& params);

  // source [B * S] token ids, padded; lengths [B].
  [[nodiscard]] Encoded operator()(const nn::Pass& pass, std::span<const Index> source, Index S,
                                   std::span<const Index> lengths) const;

  [[nodiscard]] const nn::Param& embedding_matrix() const noexcept { return embedding_.matrix(); }

 private:
  struct OneWay {
    Recurrent cell;
    Direction direction = Direction::forward;
    Dropout drop_state;
  };
  struct Layer {
    std::vector<OneWay> directions;  // forward, and backward if there is one
    LayerInput input;
  };
  nn::Embedding embedding_;
  bool reverse_;
  std::vector<Layer> layers_;
  Dropout drop_words_, drop_embedding_, drop_states_;
};

}  // namespace regard::models
