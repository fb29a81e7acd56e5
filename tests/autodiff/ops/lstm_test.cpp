// The values and errors of an LSTM; recurrent_test.cpp has the rules of every recurrent layer.
#include <cmath>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::differs;
using testing::shape_error;

using Lengths = std::vector<Index>;

TEST_CASE("lstm: one unit over two steps gives the known values") {
  Tape tape(DType::f64);
  const double ln3 = std::log(3);  // sigmoid(ln 3) = 3/4
  const Var x = tape.input({1, 2, 1}, {1, 2});
  const LstmWeights W{tape.input({4, 1}, {0, 0, 1, 0}), tape.input({4, 1}, {0, 0, 2, 0}),
                      tape.input({4}, {ln3, -ln3, 0, 0})};
  const auto [h, h_n, c_n] = lstm(x, Lengths{2}, W, Var(), Var());
  const double c_1 = 0.75 * std::tanh(1);
  const double h_1 = 0.5 * std::tanh(c_1);
  const double c_2 = 0.25 * c_1 + 0.75 * std::tanh(2 + 2 * h_1);
  CHECK(differs(h, {h_1, 0.5 * std::tanh(c_2)}) == "");
  CHECK(differs(h_n, {0.5 * std::tanh(c_2)}) == "");
  CHECK(differs(c_n, {c_2}) == "");
}

TEST_CASE("lstm: shapes and lengths that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  const LstmWeights W{zeros({8, 3}), zeros({8, 2}), zeros({8})};
  const Var x = zeros({2, 4, 3});
  const Lengths lengths{4, 1};
  CHECK(shape_error([&] { lstm(zeros({2, 3}), lengths, W, Var(), Var()); }) == "lstm: x [2, 3] must have 3 axes");
  CHECK(shape_error([&] {
          lstm(x, lengths, {W.W_x, zeros({8}), W.b}, Var(), Var());
        }) == "lstm: W_h [8] must have 2 axes");
  CHECK(shape_error([&] { lstm(x, Lengths{4}, W, Var(), Var()); }) == "lstm: 1 lengths for a batch of 2");
  CHECK(shape_error([&] {
          lstm(x, Lengths{4, 0}, W, Var(), Var());
        }) ==
        "lstm: length 0 of sentence 1 must lie in 1 to 4; a sentence "
        "without a position has no softmax and no final state");
  CHECK(shape_error([&] {
          lstm(x, lengths, {W.W_x, zeros({8, 3}), W.b}, Var(), Var());
        }) == "lstm: W_h [8, 3] must be [12, 3] for its width");
  CHECK(shape_error([&] {
          lstm(x, lengths, {zeros({8, 4}), W.W_h, W.b}, Var(), Var());
        }) == "lstm: W_x [8, 4] must be [8, 3] for x's and W_h's width");
  CHECK(shape_error([&] {
          lstm(x, lengths, {W.W_x, W.W_h, zeros({2})}, Var(), Var());
        }) == "lstm: b [2] must be [8] for W_h's width");
  CHECK(shape_error([&] {
          lstm(x, lengths, W, zeros({2, 3}), Var());
        }) == "lstm: h_0 [2, 3] must be [2, 2] for x's batch and W_h's width");
  CHECK(shape_error([&] {
          lstm(x, lengths, W, Var(), zeros({1, 2}));
        }) == "lstm: c_0 [1, 2] must be [2, 2] for x's batch and W_h's width");
}

}  // namespace regard
