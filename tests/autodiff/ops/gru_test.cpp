#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/autodiff/golden/inputs.h"
#include "tests/autodiff/golden/recurrent.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::gradcheck;
using testing::Leaf;
using testing::shape_error;
using testing::values;
using testing::Vars;

using Lengths = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// x [B, T, E], W_x, W_h, b_x, b_h, h_0
std::vector<Shape> shapes(Index B, Index T, Index E, Index H) {
  return {{B, T, E}, {3 * H, E}, {3 * H, H}, {3 * H}, {3 * H}, {B, H}};
}

std::array<Var, 2> run(const Vars& in, const Lengths& lengths, Direction direction = Direction::forward) {
  return gru(in[0], lengths, {in[1], in[2], in[3], in[4]}, in.size() > 5 ? in[5] : Var(), direction);
}

Var both_outputs(const std::array<Var, 2>& out) {
  const Index B = out[0].shape()[0];
  return concat(reshape(out[0], {B, out[0].value().size() / B}), out[1]);
}

std::vector<Leaf> leaves_of(const std::vector<Shape>& all) {
  std::vector<Leaf> leaves;
  for (std::size_t i = 0; i < all.size(); ++i) leaves.emplace_back(DType::f64, all[i], i);
  return leaves;
}

Vars on(Tape& tape, const std::vector<Leaf>& leaves) {
  Vars in;
  for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
  return in;
}

// The definition: one sentence and one step at a time.
std::array<Var, 2> step_by_step(const Vars& in, const Lengths& lengths, Direction direction) {
  Tape& tape = in[0].tape();
  const Index T = in[0].shape()[1];
  const Index H = in[2].shape()[1];
  const Var gates = affine(in[0], in[1], in[3]);
  std::vector<Var> outputs, last;
  for (Index b = 0; b < static_cast<Index>(lengths.size()); ++b) {
    const Index length = lengths[static_cast<std::size_t>(b)];
    const Var own = gather_rows(gates, Lengths{b});
    Var h = gather_rows(in[5], Lengths{b});
    std::vector<Var> steps(static_cast<std::size_t>(T), tape.input(tape.zeros({1, 1, H})));
    for (Index step = 0; step < length; ++step) {
      const Index t = direction == Direction::forward ? step : length - 1 - step;
      h = gru_cell(reshape(slice_time(own, t, 1), {1, 3 * H}), in[2], in[4], h);
      steps[static_cast<std::size_t>(t)] = reshape(h, {1, 1, H});
    }
    outputs.push_back(reshape(concat_time(steps), {1, 1, T * H}));
    last.push_back(reshape(h, {1, 1, H}));
  }
  const auto B = static_cast<Index>(lengths.size());
  return {reshape(concat_time(outputs), {B, T, H}), reshape(concat_time(last), {B, H})};
}

}  // namespace

TEST_CASE("gru: values and gradients are PyTorch's in both directions", "[golden]") {
  const std::vector<Shape> all = shapes(3, 4, 3, 2);
  std::vector<Leaf> leaves;
  for (std::size_t i = 0; i < all.size(); ++i) leaves.push_back(golden::tensor(static_cast<double>(i), all[i]));
  const Leaf to_h = golden::tensor(6, {3, 4, 2}), to_h_n = golden::tensor(7, {3, 2});
  const auto check = [&](Direction direction, const std::vector<double>& h, const std::vector<double>& h_n,
                         const std::vector<std::vector<double>>& gradients) {
    Tape tape(DType::f64);
    const auto out = run(on(tape, leaves), Lengths{2, 4, 1}, direction);
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

TEST_CASE("gru: gradcheck in both directions", "[gradcheck]") {
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    for (const Lengths& lengths : {Lengths{2, 4, 1}, Lengths{4, 4, 4}, Lengths{1, 1, 1}}) {
      CHECK(gradcheck("gru", shapes(3, 4, 3, 2),
                      [&](const Vars& in) { return both_outputs(run(in, lengths, direction)); }) == "");
    }
    CHECK(gradcheck("gru of one unit", shapes(1, 1, 1, 1),
                    [&](const Vars& in) { return both_outputs(run(in, Lengths{1}, direction)); }) == "");
    std::vector<Shape> from_zeros = shapes(2, 3, 1, 3);
    from_zeros.resize(5);
    CHECK(gradcheck("gru from zeros", from_zeros, [&](const Vars& in) {
            return both_outputs(run(in, Lengths{3, 2}, direction));
          }) == "");
  }
}

TEST_CASE("gru: a mask of states scales what the recurrent product reads", "[gradcheck]") {
  const Lengths lengths{3, 1, 2};
  const std::vector<Shape> all = shapes(3, 3, 2, 2);
  const std::vector<double> masks = {0, 2, 1.5, 0, 3, 1};
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const auto masked = [&](const Vars& in) {
      const Var mask = in[0].tape().input({3, 2}, {0, 2, 1.5, 0, 3, 1});
      return both_outputs(gru(in[0], lengths, {in[1], in[2], in[3], in[4]}, in[5], direction, mask));
    };
    CHECK(gradcheck("gru with a mask", all, masked) == "");
    // A sentence alone reads W_h with its columns times the mask.
    Tape tape(DType::f64, Tape::Mode::evaluate);
    Vars in;
    std::vector<Leaf> leaves;
    for (std::size_t i = 0; i < all.size(); ++i) leaves.emplace_back(DType::f64, all[i], i);
    for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
    const std::vector<double> together = values(masked(in));
    for (Index b = 0; b < 3; ++b) {
      Vars own = in;
      for (const std::size_t rows : {0u, 5u}) own[rows] = gather_rows(in[rows], Lengths{b});
      own[2] = mul(in[2], tape.input({2}, {masks[static_cast<std::size_t>(2 * b)],
                                           masks[static_cast<std::size_t>(2 * b + 1)]}));
      const auto alone = values(both_outputs(run(own, Lengths{lengths[static_cast<std::size_t>(b)]}, direction)));
      CHECK(differs(Tensor(const_cast<double*>(together.data()) + b * static_cast<Index>(alone.size()), DType::f64,
                           {static_cast<Index>(alone.size())}),
                    alone) == "");
    }
  }
  Tape tape(DType::f64);
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  Vars in;
  for (const Shape& shape : all) in.push_back(zeros(shape));
  const Var mask = zeros({2, 2});
  const Direction direction = Direction::forward;
  CHECK(shape_error([&] {
          gru(in[0], lengths, {in[1], in[2], in[3], in[4]}, in[5], direction, mask);
        }) == "gru: h_mask [2, 2] must be [3, 2] for the batch and W_h's width");
}

TEST_CASE("gru: each output alone carries its gradient", "[gradcheck]") {
  for (const std::size_t output : {0u, 1u}) {
    CHECK(gradcheck("gru", shapes(2, 3, 2, 2), [&](const Vars& in) {
            return run(in, Lengths{3, 1})[output];
          }) == "");
  }
}

TEST_CASE("gru: inputs that are used elsewhere receive both gradients", "[gradcheck]") {
  CHECK(gradcheck("x used twice", shapes(2, 3, 2, 2), [](const Vars& in) {
          return mul(run(in, Lengths{2, 3})[0], in[0]);
        }) == "");
  CHECK(gradcheck("states handed on", shapes(2, 3, 2, 2), [](const Vars& in) {
          Vars next = in;
          next[5] = run(in, Lengths{2, 3})[1];
          return both_outputs(run(next, Lengths{3, 1}, Direction::backward));
        }) == "");
}

TEST_CASE("gru: equals one sentence and one step at a time in both directions") {
  const Lengths lengths{3, 5, 1, 5, 2};
  const std::vector<Leaf> leaves = leaves_of(shapes(5, 5, 3, 4));
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const auto measure = [&](bool whole) {
      Tape tape(DType::f64);
      const Vars in = on(tape, leaves);
      const Var y = both_outputs(whole ? run(in, lengths, direction) : step_by_step(in, lengths, direction));
      tape.backward(sum(mul(y, y)));
      std::vector<double> result = values(y);
      for (const Leaf& leaf : leaves) {
        for (const double grad : values(leaf.grad())) result.push_back(grad);
      }
      return result;
    };
    std::vector<double> actual = measure(true);
    CHECK(differs(Tensor(actual.data(), DType::f64, {static_cast<Index>(actual.size())}), measure(false)) == "");
  }
}

TEST_CASE("gru: padding is zero in h and NaN planted there reaches nothing") {
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const std::vector<Leaf> leaves = leaves_of(shapes(2, 3, 2, 2));
    leaves[0].value().set(2, kNan);  // sentence 0, step 1
    leaves[0].value().set(5, kNan);
    Tape tape(DType::f64);
    const auto out = run(on(tape, leaves), Lengths{1, 3}, direction);
    const std::vector<double> h = values(out[0]);
    CHECK(std::vector<double>(h.begin() + 2, h.begin() + 6) == std::vector<double>(4, 0));
    for (const Var& y : out) {
      for (const double v : values(y)) CHECK(std::isfinite(v));
    }
    const Tensor dy = tape.zeros({2, 8});
    for (Index i = 0; i < dy.size(); ++i) dy.set(i, 1);
    dy.set(2, kNan);  // the gradient of a padded position is not read either
    tape.backward(both_outputs(out), dy);
    for (const Leaf& leaf : leaves) {
      for (const double grad : values(leaf.grad())) CHECK(std::isfinite(grad));
    }
    const std::vector<double> dx = values(leaves[0].grad());
    CHECK(std::vector<double>(dx.begin() + 2, dx.begin() + 6) == std::vector<double>(4, 0));
  }
}

TEST_CASE("gru: a sentence does not depend on its batch or its padding") {
  const std::vector<Leaf> leaves = leaves_of(shapes(3, 4, 3, 2));
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    Tape tape(DType::f64);
    const Vars in = on(tape, leaves);
    const auto batch = run(in, Lengths{2, 4, 3}, direction);
    const Lengths own{2};
    const auto alone = gru(slice_time(gather_rows(in[0], own), 0, 3), Lengths{3}, {in[1], in[2], in[3], in[4]},
                           gather_rows(in[5], own), direction);
    CHECK(differs(alone[0], values(slice_time(gather_rows(batch[0], own), 0, 3)), 1e-14) == "");
    CHECK(differs(alone[1], values(gather_rows(batch[1], own)), 1e-14) == "");
  }
}

TEST_CASE("gru: inputs of +-300 stay finite and NaN reaches its own sentence from its step on") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf x({2, 2, 1}, {300, -300, 300, kNan}, type);
    const Leaf W_x({3, 1}, {1, -1, 1}, type);
    const Leaf W_h({3, 1}, {0.5, 0.5, 0.5}, type);
    const Leaf b({3}, {0, 0, 0}, type);
    const auto [h, h_n] =
        gru(x.on(tape), Lengths{2, 2}, {W_x.on(tape), W_h.on(tape), b.on(tape), tape.input(b.value())}, Var());
    CHECK(std::isfinite(values(h)[0]));
    CHECK(std::isfinite(values(h)[1]));
    CHECK(std::isfinite(values(h)[2]));
    CHECK(std::isnan(values(h)[3]));
    CHECK(std::isfinite(values(h_n)[0]));
    CHECK(std::isnan(values(h_n)[1]));
    tape.backward(sum(slice_time(gather_rows(h, Lengths{0}), 0, 2)));
    CHECK(std::isfinite(values(x.grad())[0]));
    CHECK(std::isfinite(values(x.grad())[1]));
  }
}

TEST_CASE("gru: an empty batch") {
  Tape tape;
  const auto nothing = [&](Shape shape) { return tape.input(tape.tensor(shape)); };
  const auto [h, h_n] =
      gru(nothing({0, 3, 2}), Lengths{}, {nothing({6, 2}), nothing({6, 2}), nothing({6}), nothing({6})}, Var());
  CHECK(h.shape() == Shape{0, 3, 2});
  CHECK(h_n.shape() == Shape{0, 2});
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
  CHECK(
      shape_error([&] {
        gru(x, Lengths{4, 0}, W, Var());
      }) ==
      "gru: length 0 of sentence 1 must lie in 1 to 4; a sentence without a position has no softmax and no final "
      "state");
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
