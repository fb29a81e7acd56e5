#include "framework/models/recurrent.h"

namespace regard::models {

Recurrent::Recurrent(Cell, Index in, Index hidden, const nn::Params& params)
    : lstm_(in, hidden, params), hidden_(hidden) {}

Recurrent::Sequence Recurrent::operator()(Var x, std::span<const Index> lengths, Var h_0, Var c_0,
                                          Direction direction) const {
  const auto [h, h_n, c_n] = lstm_(x, lengths, h_0, c_0, direction);
  return {h, h_n, c_n};
}

Recurrent::State Recurrent::step(Var gates, const State& before) const {
  const auto [h, c] = lstm_.step(gates, before.h, before.c);
  return {h, c};
}

}  // namespace regard::models
