#pragma once
// The input of the output layer at a step, made from the context c_t, the state h_t and the embedded previous word
// y_{t-1}.
//   attentional   tanh(W_c [c; h])           Luong et al. 2015, eq. 5; h itself without a context
//   tanh          tanh(W [c; h; y] + b)      the deep output of Pascanu et al. 2014, as in Sennrich et al. 2017
//   maxout        max over pairs of W [c; h; y] + b           Bahdanau et al. 2015, appendix A.2.2
// W has C_o, U_o and V_o of that appendix side by side. h is the state that predicts the word, as in its p(y_t |
// h_t, y_{t-1}, c_t); the appendix's last formula has h_{t-1} there.
#include <optional>

#include "framework/models/options.h"
#include "framework/nn/layers.h"

namespace regard::models {

class Readout {
 public:
  // `context` is 0 if there is none. Parameters are W_c and readout below `params`.
  Readout(ReadoutKind kind, Index context, Index hidden, Index embedding, Index width, const nn::Params& params);

  // context [N, T, context] or empty, h [N, T, hidden], y [N, T, embedding] -> [N, T, width]
  [[nodiscard]] Var operator()(Var context, Var h, Var y) const;
  [[nodiscard]] Index width() const noexcept { return width_; }

 private:
  ReadoutKind kind_;
  Index width_;
  std::optional<nn::Linear> W_;  // none: h itself
};

}  // namespace regard::models
