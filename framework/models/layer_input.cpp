#include "framework/models/layer_input.h"

#include <fmt/format.h>

#include "framework/autodiff/ops.h"

namespace regard::models {

LayerInput::LayerInput(const ModelOptions& options, std::string_view side, Index layer, Index width,
                       const nn::Params& params)
    : drop_(layer == 0 ? 0 : options.dropout.layers, options.dropout, fmt::format("{}/layer{}", side, layer)),
      residual_(options.residual && layer > 0) {
  if (options.layer_norm) norm_.emplace(width, params.scope("norm"));
}

Var LayerInput::read(const nn::Pass& pass, Var x, Index first_step) const {
  const Var dropped = drop_(pass, x, first_step);
  return norm_ ? (*norm_)(dropped) : dropped;
}

Var LayerInput::join(Var x, Var h) const { return residual_ ? add(x, h) : h; }

}  // namespace regard::models
