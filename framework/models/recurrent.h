#pragma once
// One recurrent layer in one direction, of either cell.
#include <variant>

#include "framework/models/options.h"
#include "framework/nn/layers.h"

namespace regard::models {

class Recurrent {
 public:
  Recurrent(Cell cell, Index in, Index hidden, const nn::Params& params);

  // The state between steps: h, and for an LSTM c; for a GRU c is empty.
  struct State {
    Var h, c;
  };

  // The result over a sequence x [B, T, in], from states [B, H] (empty: zeros). `mask` [B, H], if not empty, is
  // multiplied with the states that the recurrent product reads.
  struct Sequence {
    Var h;       // [B, T, H], zero on padding
    State last;  // [B, H] at each sentence's own end
  };
  [[nodiscard]] Sequence operator()(Var x, std::span<const Index> lengths, const State& first, Direction direction,
                                    Var mask) const;

  // Computes the part of the gates that does not depend on the previous state: [..., in] -> [..., gate_width()].
  [[nodiscard]] Var gates(Var x) const;
  [[nodiscard]] Index gate_width() const noexcept;

  // Computes one step from the gates of this step or of all steps, and the fed inputs; states [N, H].
  [[nodiscard]] State step(const CellInput& input, const State& before, Var mask) const;

  [[nodiscard]] bool has_c() const noexcept { return std::holds_alternative<nn::Lstm>(cell_); }
  [[nodiscard]] Index hidden() const noexcept { return hidden_; }

 private:
  std::variant<nn::Lstm, nn::Gru> cell_;
  Index hidden_;
};

}  // namespace regard::models
