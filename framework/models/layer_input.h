#pragma once
// The input of a layer from the layer below, and its output:
//   read(x) = LayerNorm(dropout(x))             layer normalisation (Ba et al. 2016) where the plan has it
//   join(x, h) = x + h                          residual connections (He et al. 2016; Wu et al. 2016, section 3.1)
//                                               where the plan has them, from the second layer on; else h
#include <optional>

#include "framework/models/dropout.h"

namespace regard::models {

class LayerInput {
 public:
  // The input of layer `layer` of `side` ("encoder" or "decoder") with `width` units. The lowest layer reads
  // embeddings, which have their own dropout.
  LayerInput(const ModelOptions& options, std::string_view side, Index layer, Index width,
             const nn::Params& params);

  // Returns the input made from x [B, T, width]. `first_step` is the number of its first step.
  [[nodiscard]] Var read(const nn::Pass& pass, Var x, Index first_step = 0) const;
  // Of the same shape as x.
  [[nodiscard]] Var join(Var x, Var h) const;

 private:
  Dropout drop_;
  std::optional<nn::LayerNorm> norm_;
  bool residual_;
};

}  // namespace regard::models
