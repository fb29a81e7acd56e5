#pragma once
// The layers of the models: parameters, and the op that uses them. A layer has references to parameters of a store,
// which must outlive it.
#include <array>
#include <span>

#include "framework/autodiff/cells.h"
#include "framework/nn/params.h"

namespace regard::nn {

// The context of one pass over a batch: the tape of its values, and the inputs of dropout.
struct Pass {
  Tape& tape;
  bool training = false;
  Key dropout = {};                       // of this update and micro-batch; only used in training
  std::span<const Index> sentences = {};  // positions of the sentences in the corpus; only used in training

  // Returns x with dropout, with random numbers of `place`; returns x itself if not training.
  [[nodiscard]] Var drop(Var x, double rate, std::string_view place, Index first_step = 0) const;
};

// Computes x W^T + b, or x W^T without b.
class Linear {
 public:
  enum class Bias : bool { no, yes };
  Linear(Index in, Index out, Bias bias, Params params);
  [[nodiscard]] Var operator()(Var x) const;
  // Returns x and W for a cell, which adds the product itself. Only for a layer without b.
  [[nodiscard]] CellInput::Fed fed(Var x) const;

 private:
  const Param& W_;
  const Param* b_;
};

// Looks up rows of W [V, E].
class Embedding {
 public:
  Embedding(Index words, Index width, Params params) : W_(params.add_lookup("W", {words, width})) {}
  // Uses a matrix that another layer has added.
  explicit Embedding(const Param& W) : W_(W) {}
  [[nodiscard]] Var operator()(Tape& tape, std::span<const Index> ids, Shape shape) const;
  [[nodiscard]] const Param& matrix() const noexcept { return W_; }

 private:
  const Param& W_;
};

// One LSTM layer in one direction, over a sequence or one step.
class Lstm {
 public:
  Lstm(Index in, Index hidden, Params params);
  [[nodiscard]] std::array<Var, 3> operator()(Var x, std::span<const Index> lengths, Var h_0, Var c_0,
                                              Direction direction = Direction::forward, Var h_mask = {}) const;
  // Computes W_x x + b for any number of steps: [..., in] -> [..., 4H]
  [[nodiscard]] Var gates(Var x) const;
  // Computes one step from these gates and the fed inputs; h, c [N, H].
  [[nodiscard]] std::array<Var, 2> step(const CellInput& input, Var h, Var c, Var h_mask = {}) const;

 private:
  const Param& W_x_;
  const Param& W_h_;
  const Param& b_;
};

// One GRU layer in one direction, over a sequence or one step.
class Gru {
 public:
  Gru(Index in, Index hidden, Params params);
  [[nodiscard]] std::array<Var, 2> operator()(Var x, std::span<const Index> lengths, Var h_0,
                                              Direction direction = Direction::forward, Var h_mask = {}) const;
  // Computes W_x x + b_x for any number of steps: [..., in] -> [..., 3H]
  [[nodiscard]] Var gates(Var x) const;
  // Computes one step from these gates and the fed inputs; h [N, H].
  [[nodiscard]] Var step(const CellInput& input, Var h, Var h_mask = {}) const;

 private:
  const Param& W_x_;
  const Param& W_h_;
  const Param& b_x_;
  const Param& b_h_;
};

// Layer normalisation over the last axis, with a gain and a bias for each unit.
class LayerNorm {
 public:
  LayerNorm(Index width, Params params)
      : gain_(params.add("gain", {width}, ones)), b_(params.add("b", {width}, zeros)) {}
  [[nodiscard]] Var operator()(Var x) const;

 private:
  const Param& gain_;
  const Param& b_;
};

}  // namespace regard::nn
