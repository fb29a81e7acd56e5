#include "framework/models/readout.h"

#include <array>

#include "framework/autodiff/ops.h"

namespace regard::models {

Readout::Readout(ReadoutKind kind, Index context, Index hidden, Index embedding, Index width,
                 const nn::Params& params)
    : kind_(kind), width_(width) {
  using Bias = nn::Linear::Bias;
  if (kind == ReadoutKind::attentional) {
    if (context > 0 || width != hidden) W_.emplace(context + hidden, width, Bias::no, params.scope("W_c"));
  } else {
    W_.emplace(context + hidden + embedding, kind == ReadoutKind::maxout ? 2 * width : width, Bias::yes,
               params.scope("readout"));
  }
}

Var Readout::operator()(Var context, Var h, Var y) const {
  if (!W_) return h;
  std::array<Var, 3> parts;
  std::size_t count = 0;
  if (!context.empty()) parts[count++] = context;
  parts[count++] = h;
  if (kind_ != ReadoutKind::attentional) parts[count++] = y;
  const Var joined = (*W_)(count == 1 ? h : concat(std::span<const Var>(parts.data(), count)));
  return kind_ == ReadoutKind::maxout ? maxout(joined) : tanh(joined);
}

}  // namespace regard::models
