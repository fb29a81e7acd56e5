#include "framework/models/recurrent.h"

namespace regard::models {

Recurrent::Recurrent(Cell cell, Index in, Index hidden, const nn::Params& params)
    : cell_(cell == Cell::lstm ? std::variant<nn::Lstm, nn::Gru>(std::in_place_type<nn::Lstm>, in, hidden, params)
                               : std::variant<nn::Lstm, nn::Gru>(std::in_place_type<nn::Gru>, in, hidden, params)),
      hidden_(hidden) {}

Recurrent::Sequence Recurrent::operator()(Var x, std::span<const Index> lengths, const State& first,
                                          Direction direction, Var mask) const {
  if (const auto* lstm = std::get_if<nn::Lstm>(&cell_)) {
    const auto [h, h_n, c_n] = (*lstm)(x, lengths, first.h, first.c, direction, mask);
    return {h, {h_n, c_n}};
  }
  const auto [h, h_n] = std::get<nn::Gru>(cell_)(x, lengths, first.h, direction, mask);
  return {h, {h_n, {}}};
}

Var Recurrent::gates(Var x) const {
  return std::visit([&](const auto& cell) { return cell.gates(x); }, cell_);
}

Index Recurrent::gate_width() const noexcept { return (has_c() ? 4 : 3) * hidden_; }

Recurrent::State Recurrent::step(const CellInput& input, const State& before, Var mask) const {
  if (const auto* lstm = std::get_if<nn::Lstm>(&cell_)) {
    const auto [h, c] = lstm->step(input, before.h, before.c, mask);
    return {h, c};
  }
  return {std::get<nn::Gru>(cell_).step(input, before.h, mask), {}};
}

}  // namespace regard::models
