#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
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

// x [B, T, E], W_x, W_h, b, h_0, c_0
std::vector<Shape> shapes(Index B, Index T, Index E, Index H) {
  return {{B, T, E}, {4 * H, E}, {4 * H, H}, {4 * H}, {B, H}, {B, H}};
}

std::array<Var, 3> run(const Vars& in, const Lengths& lengths, Direction direction = Direction::forward) {
  return lstm(in[0], lengths, {in[1], in[2], in[3]}, in.size() > 4 ? in[4] : Var(), in.size() > 4 ? in[5] : Var(),
              direction);
}

// The three outputs side by side, so that one check covers them and their sum of paths.
Var all_outputs(const std::array<Var, 3>& out) {
  const Index B = out[0].shape()[0];
  return concat(reshape(out[0], {B, out[0].value().size() / B}), concat(out[1], out[2]));
}

// The definition: one sentence and one step at a time.
std::array<Var, 3> step_by_step(const Vars& in, const Lengths& lengths, Direction direction) {
  Tape& tape = in[0].tape();
  const Index T = in[0].shape()[1];
  const Index H = in[2].shape()[1];
  const Var gates = affine(in[0], in[1], in[3]);
  std::vector<Var> outputs;
  std::vector<Var> last_h;
  std::vector<Var> last_c;
  for (Index b = 0; b < static_cast<Index>(lengths.size()); ++b) {
    const Index length = lengths[static_cast<std::size_t>(b)];
    const Var own = gather_rows(gates, Lengths{b});
    Var h = gather_rows(in[4], Lengths{b});
    Var c = gather_rows(in[5], Lengths{b});
    std::vector<Var> steps(static_cast<std::size_t>(T), tape.input(tape.zeros({1, 1, H})));
    for (Index step = 0; step < length; ++step) {
      const Index t = direction == Direction::forward ? step : length - 1 - step;
      const auto next = lstm_cell(reshape(slice_time(own, t, 1), {1, 4 * H}), in[2], h, c);
      h = next[0];
      c = next[1];
      steps[static_cast<std::size_t>(t)] = reshape(h, {1, 1, H});
    }
    outputs.push_back(reshape(concat_time(steps), {1, 1, T * H}));
    last_h.push_back(reshape(h, {1, 1, H}));
    last_c.push_back(reshape(c, {1, 1, H}));
  }
  const auto B = static_cast<Index>(lengths.size());
  return {reshape(concat_time(outputs), {B, T, H}), reshape(concat_time(last_h), {B, H}),
          reshape(concat_time(last_c), {B, H})};
}

}  // namespace

TEST_CASE("lstm: known values of one unit over two steps") {
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

TEST_CASE("lstm: gradcheck in both directions", "[gradcheck]") {
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    for (const Lengths& lengths : {Lengths{2, 4, 1}, Lengths{4, 4, 4}, Lengths{1, 1, 1}, Lengths{1, 2, 3}}) {
      CHECK(gradcheck("lstm", shapes(3, 4, 3, 2),
                      [&](const Vars& in) { return all_outputs(run(in, lengths, direction)); }) == "");
    }
    CHECK(gradcheck("lstm of one unit", shapes(1, 1, 1, 1),
                    [&](const Vars& in) { return all_outputs(run(in, Lengths{1}, direction)); }) == "");
    std::vector<Shape> from_zeros = shapes(2, 3, 1, 3);
    from_zeros.resize(4);
    CHECK(gradcheck("lstm from zeros", from_zeros, [&](const Vars& in) {
            return all_outputs(run(in, Lengths{3, 2}, direction));
          }) == "");
  }
}

TEST_CASE("lstm: a mask of states scales what the recurrent product reads", "[gradcheck]") {
  const Lengths lengths{3, 1, 2};
  const std::vector<Shape> all = shapes(3, 3, 2, 2);
  const std::vector<double> masks = {0, 2, 1.5, 0, 3, 1};
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const auto masked = [&](const Vars& in) {
      const Var mask = in[0].tape().input({3, 2}, {0, 2, 1.5, 0, 3, 1});
      return all_outputs(lstm(in[0], lengths, {in[1], in[2], in[3]}, in[4], in[5], direction, mask));
    };
    CHECK(gradcheck("lstm with a mask", all, masked) == "");
    // A sentence alone reads W_h with its columns times the mask.
    Tape tape(DType::f64, Tape::Mode::evaluate);
    Vars in;
    std::vector<Leaf> leaves;
    for (std::size_t i = 0; i < all.size(); ++i) leaves.emplace_back(DType::f64, all[i], i);
    for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
    const std::vector<double> together = values(masked(in));
    for (Index b = 0; b < 3; ++b) {
      Vars own = in;
      for (const std::size_t rows : {0u, 4u, 5u}) own[rows] = gather_rows(in[rows], Lengths{b});
      own[2] = mul(in[2], tape.input({2}, {masks[static_cast<std::size_t>(2 * b)],
                                           masks[static_cast<std::size_t>(2 * b + 1)]}));
      const auto alone = values(all_outputs(run(own, Lengths{lengths[static_cast<std::size_t>(b)]}, direction)));
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
          lstm(in[0], lengths, {in[1], in[2], in[3]}, in[4], in[5], direction, mask);
        }) == "lstm: h_mask [2, 2] must be [3, 2] for the batch and W_h's width");
}

TEST_CASE("lstm: each output alone carries its gradient", "[gradcheck]") {
  for (const std::size_t output : {0u, 1u, 2u}) {
    CHECK(gradcheck("lstm", shapes(2, 3, 2, 2), [&](const Vars& in) {
            return run(in, Lengths{3, 1})[output];
          }) == "");
  }
}

TEST_CASE("lstm: inputs that are used elsewhere receive both gradients", "[gradcheck]") {
  CHECK(gradcheck("x used twice", shapes(2, 3, 2, 2), [](const Vars& in) {
          return mul(run(in, Lengths{2, 3})[0], in[0]);
        }) == "");
  CHECK(gradcheck("states handed on", shapes(2, 3, 2, 2), [](const Vars& in) {
          const auto first = run(in, Lengths{2, 3});
          Vars next = in;
          next[4] = first[1];
          next[5] = first[2];
          return all_outputs(run(next, Lengths{3, 1}, Direction::backward));
        }) == "");
}

TEST_CASE("lstm: equals one sentence and one step at a time in both directions") {
  const Lengths lengths{3, 5, 1, 5, 2};
  const std::vector<Shape> all = shapes(5, 5, 3, 4);
  std::vector<Leaf> leaves;
  for (std::size_t i = 0; i < all.size(); ++i) leaves.emplace_back(DType::f64, all[i], i);
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const auto measure = [&](bool whole) {
      Tape tape(DType::f64);
      Vars in;
      for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
      const Var y = all_outputs(whole ? run(in, lengths, direction) : step_by_step(in, lengths, direction));
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

TEST_CASE("lstm: padding is zero in h and NaN planted there reaches nothing") {
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    const std::vector<Shape> all = shapes(2, 3, 2, 2);
    std::vector<Leaf> leaves;
    for (std::size_t i = 0; i < all.size(); ++i) leaves.emplace_back(DType::f64, all[i], i);
    leaves[0].value().set(2, kNan);  // sentence 0, step 1
    leaves[0].value().set(5, kNan);
    Tape tape(DType::f64);
    Vars in;
    for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
    const auto out = run(in, Lengths{1, 3}, direction);
    const std::vector<double> h = values(out[0]);
    CHECK(std::vector<double>(h.begin() + 2, h.begin() + 6) == std::vector<double>(4, 0));
    for (const Var& y : out) {
      for (const double v : values(y)) CHECK(std::isfinite(v));
    }
    // A NaN in the gradient of a padded position is not read either.
    const Tensor dy = tape.zeros({2, 10});
    for (Index i = 0; i < dy.size(); ++i) dy.set(i, 1);
    dy.set(2, kNan);
    tape.backward(all_outputs(out), dy);
    for (const Leaf& leaf : leaves) {
      for (const double grad : values(leaf.grad())) CHECK(std::isfinite(grad));
    }
    const std::vector<double> dx = values(leaves[0].grad());
    CHECK(std::vector<double>(dx.begin() + 2, dx.begin() + 6) == std::vector<double>(4, 0));
  }
}

TEST_CASE("lstm: a sentence does not depend on its batch or its padding") {
  const std::vector<Shape> all = shapes(3, 4, 3, 2);
  std::vector<Leaf> leaves;
  for (std::size_t i = 0; i < all.size(); ++i) leaves.emplace_back(DType::f64, all[i], i);
  for (const Direction direction : {Direction::forward, Direction::backward}) {
    Tape tape(DType::f64);
    Vars in;
    for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
    const auto batch = run(in, Lengths{2, 4, 3}, direction);
    const Lengths own{2};
    const auto alone = lstm(slice_time(gather_rows(in[0], own), 0, 3), Lengths{3}, {in[1], in[2], in[3]},
                            gather_rows(in[4], own), gather_rows(in[5], own), direction);
    CHECK(differs(alone[0], values(slice_time(gather_rows(batch[0], own), 0, 3)), 1e-14) == "");
    CHECK(differs(alone[1], values(gather_rows(batch[1], own)), 1e-14) == "");
    CHECK(differs(alone[2], values(gather_rows(batch[2], own)), 1e-14) == "");
  }
}

TEST_CASE("lstm: inputs of +-300 stay finite and NaN reaches its own sentence from its step on") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf x({2, 2, 1}, {300, -300, 300, kNan}, type);
    const Leaf W_x({4, 1}, {1, -1, 1, 1}, type);
    const Leaf W_h({4, 1}, {0.5, 0.5, 0.5, 0.5}, type);
    const Leaf b({4}, {0, 0, 0, 0}, type);
    const auto [h, h_n, c_n] =
        lstm(x.on(tape), Lengths{2, 2}, {W_x.on(tape), W_h.on(tape), b.on(tape)}, Var(), Var());
    CHECK(std::isfinite(values(h)[0]));
    CHECK(std::isfinite(values(h)[1]));
    CHECK(std::isfinite(values(h)[2]));
    CHECK(std::isnan(values(h)[3]));
    CHECK(std::isfinite(values(h_n)[0]));
    CHECK(std::isnan(values(c_n)[1]));
    tape.backward(sum(slice_time(gather_rows(h, Lengths{0}), 0, 2)));
    CHECK(std::isfinite(values(x.grad())[0]));
    CHECK(std::isfinite(values(x.grad())[1]));
  }
}

TEST_CASE("lstm: an empty batch") {
  Tape tape;
  const auto nothing = [&](Shape shape) { return tape.input(tape.tensor(shape)); };
  const auto [h, h_n, c_n] =
      lstm(nothing({0, 3, 2}), Lengths{}, {nothing({8, 2}), nothing({8, 2}), nothing({8})}, Var(), Var());
  CHECK(h.shape() == Shape{0, 3, 2});
  CHECK(h_n.shape() == Shape{0, 2});
  CHECK(c_n.shape() == Shape{0, 2});
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
  CHECK(
      shape_error([&] {
        lstm(x, Lengths{4, 0}, W, Var(), Var());
      }) ==
      "lstm: length 0 of sentence 1 must lie in 1 to 4; a sentence without a position has no softmax and no final "
      "state");
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
