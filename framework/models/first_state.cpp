#include "framework/models/first_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/autodiff/ops.h"

namespace regard::models {
namespace {

// Returns [B, key], the mean over each sentence's own positions.
Var mean_of(const nn::Pass& pass, Var h_s, std::span<const Index> lengths) {
  const Index B = h_s.shape()[0];
  const Index S = h_s.shape()[1];
  const Tensor shares = pass.tape.zeros({B, 1, S});
  for (Index b = 0; b < B; ++b) {
    const Index length = lengths[static_cast<std::size_t>(b)];
    for (Index s = 0; s < length; ++s) shares.set(b * S + s, 1 / static_cast<double>(length));
  }
  return reshape(batched_matmul(pass.tape.input(shares), h_s), {B, h_s.shape()[2]});
}

}  // namespace

FirstState::FirstState(Bridge bridge, Cell cell, Index key, Index encoder_layers, Index hidden, Index layers,
                       const nn::Params& params)
    : bridge_(bridge), has_c_(cell == Cell::lstm), hidden_(hidden), layers_(layers) {
  if (bridge == Bridge::copy) {
    check(key == hidden && encoder_layers == layers, "the bridge 'copy' needs equal widths and layers");
  } else if (bridge != Bridge::zero) {
    for (Index at = 0; at < layers; ++at) {
      const nn::Params layer = params.scope(fmt::format("layer{}", at));
      W_h_.emplace_back(key, hidden, nn::Linear::Bias::yes, layer.scope("h"));
      if (has_c_) W_c_.emplace_back(key, hidden, nn::Linear::Bias::yes, layer.scope("c"));
    }
  }
}

LayerStates FirstState::operator()(const nn::Pass& pass, const Encoded& encoded,
                                   std::span<const Index> lengths) const {
  const Var mean = bridge_ == Bridge::mean ? mean_of(pass, encoded.h_s, lengths) : Var();
  LayerStates states;
  for (Index at = 0; at < layers_; ++at) {
    states.h.push_back(of_layer(pass, encoded, mean, false, at));
    if (has_c_) states.c.push_back(of_layer(pass, encoded, mean, true, at));
  }
  return states;
}

Var FirstState::of_layer(const nn::Pass& pass, const Encoded& encoded, Var mean, bool of_c, Index layer) const {
  const LayerVars& final = of_c ? encoded.c_n : encoded.h_n;
  const auto at = static_cast<std::size_t>(layer);
  switch (bridge_) {
    case Bridge::copy:
      return final[at];
    case Bridge::linear:
      return tanh((of_c ? W_c_ : W_h_)[at](final.back()));
    case Bridge::mean:
      return tanh((of_c ? W_c_ : W_h_)[at](mean));
    case Bridge::zero:
      break;
  }
  return pass.tape.input(pass.tape.zeros({encoded.h_s.shape()[0], hidden_}));
}

}  // namespace regard::models
