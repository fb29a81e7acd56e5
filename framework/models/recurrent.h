#pragma once
// One recurrent layer in one direction, of either cell.
#include <variant>

#include "framework/models/options.h"
#include "framework/nn/layers.h"

namespace regard::models {

class Recurrent {
 public:
  Recurrent(Cell cell, Index in, Index hidden, const nn::Params& params);

  // The state between steps: h, and of an LSTM c; a GRU's c is empty.
  struct State {
    Var h, c;
  };

  // Over a sequence x [B, T, in], from states [B, H] or empty ones for zeros. `mask` [B, H], or empty, is
  // multiplied with the states that the recurrent product reads.
  struct Sequence {
    Var h;       // [B, T, H], zero on padding
    State last;  // [B, H] at each sentence's own end
  };
  [[nodiscard]] Sequence operator()(Var x, std::span<const Index> lengths, const State& first, Direction direction,
                                    Var mask) const;

  // The part of the gates that does not depend on the state before: [..., in] -> [..., gate_width()].
  [[nodiscard]] Var gates(Var x) const;
  [[nodiscard]] Index gate_width() const noexcept;

  // One step from such gates of this step or of all, and what is fed beside them; states [N, H].
  [[nodiscard]] State step(const CellInput& input, const State& before, Var mask) const;

  [[nodiscard]] bool has_c() const noexcept { return std::holds_alternative<nn::Lstm>(cell_); }
  [[nodiscard]] Index hidden() const noexcept { return hidden_; }

 private:
  std::variant<nn::Lstm, nn::Gru> cell_;
  Index hidden_;
};

}  // namespace regard::models
