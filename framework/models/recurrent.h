#pragma once
// One recurrent layer in one direction, of either cell.
#include "framework/models/options.h"
#include "framework/nn/layers.h"

namespace regard::models {

class Recurrent {
 public:
  Recurrent(Cell cell, Index in, Index hidden, const nn::Params& params);

  // Over a sequence: x [B, T, in], first states [B, H] or empty for zeros.
  struct Sequence {
    Var h;         // [B, T, H], zero on padding
    Var h_n, c_n;  // [B, H] at each sentence's own end
  };
  [[nodiscard]] Sequence operator()(Var x, std::span<const Index> lengths, Var h_0, Var c_0,
                                    Direction direction = Direction::forward) const;

  // The part of the gates that does not depend on the state before: [..., in] -> [..., gate_width()]. What else
  // enters the cell is added to it.
  [[nodiscard]] Var gates(Var x) const { return lstm_.gates(x); }
  [[nodiscard]] Index gate_width() const noexcept { return 4 * hidden_; }

  // One step from such gates [N, gate_width()]; h, c [N, H].
  struct State {
    Var h, c;
  };
  [[nodiscard]] State step(Var gates, const State& before) const;

 private:
  nn::Lstm lstm_;
  Index hidden_;
};

}  // namespace regard::models
