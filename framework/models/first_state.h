#pragma once
// The bridge: computes the decoder's first states from the encoder's states.
//   copy      h_0 = h_n of the same layer
//   linear    h_0 = tanh(W h_n + b), of the top layer's final state
//   mean      h_0 = tanh(W m + b), m the mean of h_s over the sentence       (Sennrich et al. 2017)
//   zero      h_0 = 0
// and the same for an LSTM's c, with its own matrices.
#include <span>
#include <vector>

#include "framework/models/encoder.h"

namespace regard::models {

// The states of a stack of layers.
struct LayerStates {
  LayerVars h;  // a layer: [N, H]
  LayerVars c;  // the same of an LSTM; empty for a GRU
};

class FirstState {
 public:
  // `key` is the width of the encoder's output, `encoder_layers` its number of layers.
  FirstState(Bridge bridge, Cell cell, Index key, Index encoder_layers, Index hidden, Index layers,
             const nn::Params& params);

  // lengths [B] of the source.
  [[nodiscard]] LayerStates operator()(const nn::Pass& pass, const Encoded& encoded,
                                       std::span<const Index> lengths) const;

 private:
  [[nodiscard]] Var of_layer(const nn::Pass& pass, const Encoded& encoded, Var mean, bool of_c, Index layer) const;

  Bridge bridge_;
  bool has_c_;
  Index hidden_;
  Index layers_;
  std::vector<nn::Linear> W_h_, W_c_;  // one for each layer, if the bridge has matrices
};

}  // namespace regard::models
