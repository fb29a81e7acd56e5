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

using Targets = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("output_loss: it gives the known value") {
  Tape tape(DType::f64);
  const Var h = tape.input({1, 2}, {1, 2});
  const Var W = tape.input({3, 2}, {0, 0, 1, 0, 0, 1});  // logits 0, 1, 2
  const double total = 1 + std::exp(1) + std::exp(2);
  CHECK(differs(output_loss(h, W, Var(), Targets{1}), {std::log(total) - 1}) == "");
  const Var b = tape.input({3}, {2, 1, 0});  // logits 2, 2, 2
  CHECK(differs(output_loss(h, W, b, Targets{1}), {std::log(3)}) == "");
}

TEST_CASE("output_loss: gradcheck passes", "[gradcheck]") {
  for (const double smoothing : {0.0, 0.1}) {
    CHECK(gradcheck("output_loss", {{2, 2, 3}, {5, 3}, {5}}, [=](const Vars& in) {
            return output_loss(in[0], in[1], in[2], Targets{4, -1, 0, 4}, smoothing);
          }) == "");
    CHECK(gradcheck("output_loss without b", {{3, 3}, {4, 3}}, [=](const Vars& in) {
            return output_loss(in[0], in[1], Var(), Targets{-1, 3, -1}, smoothing);
          }) == "");
  }
  CHECK(gradcheck("output_loss with no target", {{2, 3}, {4, 3}, {4}}, [](const Vars& in) {
          return output_loss(in[0], in[1], in[2], Targets{-1, -1});
        }) == "");
  CHECK(gradcheck("weights shared with the embedding", {{4, 3}}, [](const Vars& in) {
          return output_loss(embedding(in[0], Targets{1, 2}, {2}), in[0], Var(), Targets{3, 0});
        }) == "");
}

// Several blocks: for a vocabulary of this size they have 64 rows each.
TEST_CASE("output_loss: equals cross_entropy of all logits over several blocks") {
  constexpr Index V = 30000;
  constexpr Index rows = 131;
  const Leaf h(DType::f64, {rows, 2}, 1);
  const Leaf W(DType::f64, {V, 2}, 2);
  const Leaf b(DType::f64, {V}, 3);
  Targets targets;
  for (Index row = 0; row < rows; ++row) targets.push_back(row % 7 == 3 ? -1 : row * 199 % V);
  const auto run = [&](bool blocks) {
    Tape tape(DType::f64);
    const Var loss = blocks ? output_loss(h.on(tape), W.on(tape), b.on(tape), targets, 0.1)
                            : cross_entropy(affine(h.on(tape), W.on(tape), b.on(tape)), targets, 0.1);
    tape.backward(scale(loss, 0.5));
    std::vector<double> all = values(loss);
    for (const Leaf* leaf : {&h, &W, &b}) {
      for (const double grad : values(leaf->grad())) all.push_back(grad);
    }
    return all;
  };
  const std::vector<double> expected = run(false);
  std::vector<double> actual = run(true);
  CHECK(differs(Tensor(actual.data(), DType::f64, {static_cast<Index>(actual.size())}), expected, 1e-10) == "");
}

TEST_CASE("output_loss: a row that is left out adds nothing even if it holds NaN") {
  Tape tape(DType::f64);
  const Leaf h({2, 1}, {kNan, 1});
  const Leaf W({2, 1}, {0, 0});
  const Leaf b({2}, {0, 0});
  const Var loss = output_loss(h.on(tape), W.on(tape), b.on(tape), Targets{-1, 0});
  CHECK(differs(loss, {std::log(2)}) == "");
  tape.backward(loss);
  CHECK(values(h.grad()) == std::vector<double>{0, 0});
  CHECK(differs(W.grad(), {-0.5, 0.5}) == "");
  CHECK(differs(b.grad(), {-0.5, 0.5}) == "");
}

TEST_CASE("output_loss: the loss of no rows is 0 and its gradients are zero") {
  Tape tape(DType::f64);
  const Leaf h(DType::f64, {0, 3}, 1);
  const Leaf W(DType::f64, {4, 3}, 2);
  const Leaf b(DType::f64, {4}, 3);
  const Var loss = output_loss(h.on(tape), W.on(tape), b.on(tape), Targets{});
  CHECK(values(loss) == std::vector<double>{0});
  tape.backward(loss);
  CHECK(values(W.grad()) == std::vector<double>(12, 0));
  CHECK(values(b.grad()) == std::vector<double>(4, 0));
}

TEST_CASE("output_loss: the loss of logits of +-300 is finite and NaN gives NaN") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf h({1, 1}, {300}, type);
    const Leaf W({2, 1}, {1, -1}, type);
    const Var loss = output_loss(h.on(tape), W.on(tape), Var(), Targets{1});
    CHECK(values(loss) == std::vector<double>{600});
    tape.backward(loss);
    CHECK(differs(h.grad(), {2}, 1e-30) == "");
    CHECK(differs(W.grad(), {300, -300}, 1e-30) == "");
    CHECK(std::isnan(values(output_loss(tape.input({1, 1}, {kNan}), W.on(tape), Var(), Targets{0}))[0]));
  }
}

TEST_CASE("output_loss: shapes and targets that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  const Var h = zeros({2, 3});
  const Var W = zeros({5, 3});
  CHECK(shape_error([&] {
          output_loss(h, zeros({5}), Var(), Targets{0, 0});
        }) == "output_loss: W [5] must have 2 axes");
  CHECK(shape_error([&] {
          output_loss(h, zeros({5, 4}), Var(), Targets{0, 0});
        }) == "output_loss: a [2, 3] x b [5, 4]: a's last (3) must equal b's last (4)");
  CHECK(shape_error([&] {
          output_loss(h, W, zeros({4}), Targets{0, 0});
        }) == "output_loss: b [4] must be [5] for W's rows");
  CHECK(shape_error([&] { output_loss(h, W, Var(), Targets{0}); }) == "output_loss: 1 targets for 2 rows");
  CHECK(shape_error([&] {
          output_loss(h, W, Var(), Targets{0, 5});
        }) == "output_loss: target 5 at 1 must lie in -1 to 4");
  CHECK(shape_error([&] {
          output_loss(h, W, Var(), Targets{0, 0}, -0.5);
        }) == "output_loss: smoothing -0.5 must lie in [0, 1)");
}

}  // namespace regard
