#include "framework/nn/layers.h"

#include "framework/autodiff/ops.h"

namespace regard::nn {

Var Pass::drop(Var x, double rate, std::string_view place, Index first_step) const {
  return training && rate > 0 ? regard::dropout(x, rate, dropout.with(place), sentences, first_step) : x;
}

Linear::Linear(Index in, Index out, Bias bias, Params params)
    : W_(params.add("W", {out, in})), b_(bias == Bias::yes ? &params.add("b", {out}, zeros) : nullptr) {}

Var Linear::operator()(Var x) const {
  const Var W = W_.on(x.tape());
  return b_ == nullptr ? matmul_nt(x, W) : affine(x, W, b_->on(x.tape()));
}

CellInput::Fed Linear::fed(Var x) const {
  check(b_ == nullptr, "a layer that is fed to a cell must have no bias");
  return {x, W_.on(x.tape())};
}

Var Embedding::operator()(Tape& tape, std::span<const Index> ids, Shape shape) const {
  return embedding(W_.on(tape), ids, shape);
}

Lstm::Lstm(Index in, Index hidden, Params params)
    : W_x_(params.add("W_x", {4 * hidden, in})),
      W_h_(params.add("W_h", {4 * hidden, hidden})),
      b_(params.add("b", {4 * hidden}, lstm_bias)) {}

std::array<Var, 3> Lstm::operator()(Var x, std::span<const Index> lengths, Var h_0, Var c_0, Direction direction,
                                    Var h_mask) const {
  Tape& tape = x.tape();
  return lstm(x, lengths, {W_x_.on(tape), W_h_.on(tape), b_.on(tape)}, h_0, c_0, direction, h_mask);
}

Var Lstm::gates(Var x) const { return affine(x, W_x_.on(x.tape()), b_.on(x.tape())); }

std::array<Var, 2> Lstm::step(const CellInput& input, Var h, Var c, Var h_mask) const {
  return lstm_cell(input, W_h_.on(h.tape()), h, c, h_mask);
}

Gru::Gru(Index in, Index hidden, Params params)
    : W_x_(params.add("W_x", {3 * hidden, in})),
      W_h_(params.add("W_h", {3 * hidden, hidden})),
      b_x_(params.add("b_x", {3 * hidden}, zeros)),
      b_h_(params.add("b_h", {3 * hidden}, zeros)) {}

std::array<Var, 2> Gru::operator()(Var x, std::span<const Index> lengths, Var h_0, Direction direction,
                                   Var h_mask) const {
  Tape& tape = x.tape();
  return gru(x, lengths, {W_x_.on(tape), W_h_.on(tape), b_x_.on(tape), b_h_.on(tape)}, h_0, direction, h_mask);
}

Var Gru::gates(Var x) const { return affine(x, W_x_.on(x.tape()), b_x_.on(x.tape())); }

Var Gru::step(const CellInput& input, Var h, Var h_mask) const {
  Tape& tape = h.tape();
  return gru_cell(input, W_h_.on(tape), b_h_.on(tape), h, h_mask);
}

Var LayerNorm::operator()(Var x) const { return layer_norm(x, gain_.on(x.tape()), b_.on(x.tape())); }

}  // namespace regard::nn
