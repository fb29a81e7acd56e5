// The values and errors of a GRU; recurrent_test.cpp has the rules of every recurrent layer.
#include "framework/autodiff/ops.h"
#include "tests/autodiff/golden/inputs.h"
#include "tests/autodiff/golden/recurrent.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::differs;
using testing::Leaf;
using testing::shape_error;

using Lengths = std::vector<Index>;

TEST_CASE("gru: values and gradients are PyTorch's in both directions", "[golden]") {
  // x [B, T, E], W_x, W_h, b_x, b_h, h_0
  const std::vector<Shape> shapes = {{3, 4, 3}, {6, 3}, {6, 2}, {6}, {6}, {3, 2}};
  std::vector<Leaf> leaves;
  for (const Shape& shape : shapes) leaves.push_back(golden::tensor(static_cast<double>(leaves.size()), shape));
  const Leaf to_h = golden::tensor(6, {3, 4, 2}), to_h_n = golden::tensor(7, {3, 2});
  const auto check = [&](Direction direction, const std::vector<double>& h, const std::vector<double>& h_n,
                         const std::vector<std::vector<double>>& gradients) {
    Tape tape(DType::f64);
    std::vector<Var> in;
    for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
    const auto out = gru(in[0], Lengths{2, 4, 1}, {in[1], in[2], in[3], in[4]}, in[5], direction);
    CHECK(differs(out[0], h, 1e-14) == "");
    CHECK(differs(out[1], h_n, 1e-14) == "");
    tape.backward(add(sum(mul(out[0], tape.input(to_h.value()))), sum(mul(out[1], tape.input(to_h_n.value())))));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      INFO("input " << i);
      CHECK(differs(leaves[i].grad(), gradients[i], 1e-13) == "");
    }
  };
  check(Direction::forward, golden::kGru_forward_h, golden::kGru_forward_h_n,
        {golden::kGru_forward_dx, golden::kGru_forward_dW_x, golden::kGru_forward_dW_h, golden::kGru_forward_db_x,
         golden::kGru_forward_db_h, golden::kGru_forward_dh_0});
  check(Direction::backward, golden::kGru_backward_h, golden::kGru_backward_h_n,
        {golden::kGru_backward_dx, golden::kGru_backward_dW_x, golden::kGru_backward_dW_h,
         golden::kGru_backward_db_x, golden::kGru_backward_db_h, golden::kGru_backward_dh_0});
}

TEST_CASE("gru: shapes and lengths that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  const GruWeights W{zeros({6, 3}), zeros({6, 2}), zeros({6}), zeros({6})};
  const Var x = zeros({2, 4, 3});
  const Lengths lengths{4, 1};
  CHECK(shape_error([&] { gru(zeros({2, 3}), lengths, W, Var()); }) == "gru: x [2, 3] must have 3 axes");
  CHECK(shape_error([&] {
          gru(x, lengths, {W.W_x, zeros({6}), W.b_x, W.b_h}, Var());
        }) == "gru: W_h [6] must have 2 axes");
  CHECK(shape_error([&] { gru(x, Lengths{4}, W, Var()); }) == "gru: 1 lengths for a batch of 2");
  CHECK(shape_error([&] {
          gru(x, Lengths{4, 0}, W, Var());
        }) ==
        "gru: length 0 of sentence 1 must lie in 1 to 4; a sentence "
        "without a position has no softmax and no final state");
  CHECK(shape_error([&] {
          gru(x, lengths, {W.W_x, zeros({6, 3}), W.b_x, W.b_h}, Var());
        }) == "gru: W_h [6, 3] must be [9, 3] for its width");
  CHECK(shape_error([&] {
          gru(x, lengths, {zeros({6, 4}), W.W_h, W.b_x, W.b_h}, Var());
        }) == "gru: W_x [6, 4] must be [6, 3] for x's and W_h's width");
  CHECK(shape_error([&] {
          gru(x, lengths, {W.W_x, W.W_h, zeros({2}), W.b_h}, Var());
        }) == "gru: b_x [2] must be [6] for W_h's width");
  CHECK(shape_error([&] {
          gru(x, lengths, {W.W_x, W.W_h, W.b_x, zeros({2})}, Var());
        }) == "gru: b_h [2] must be [6] for W_h's width");
  CHECK(shape_error([&] {
          gru(x, lengths, W, zeros({2, 3}));
        }) == "gru: h_0 [2, 3] must be [2, 2] for x's batch and W_h's width");
}

}  // namespace regard
