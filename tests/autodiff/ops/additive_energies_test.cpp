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

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Computes the same by small ops, one [A] row at a time.
Var composed(Var q, Var keys, Var v) {
  const Index B = q.shape()[0];
  const Index T = q.shape()[1];
  const Index S = keys.shape()[1];
  const Index A = q.shape()[2];
  const Var all = tanh(add(reshape(q, {B, T, 1, A}), reshape(keys, {B, 1, S, A})));
  return reshape(sum_last(mul(all, v)), {B, T, S});
}

}  // namespace

TEST_CASE("additive_energies: it gives the known values") {
  Tape tape(DType::f64);
  const Var q = tape.input({1, 1, 2}, {0.5, 0});
  const Var keys = tape.input({1, 2, 2}, {0.5, 0, 1.5, -1});
  const Var e = additive_energies(q, keys, tape.input({2}, {2, 10}));
  CHECK(e.shape() == Shape{1, 1, 2});
  CHECK(differs(e, {2 * std::tanh(1), 2 * std::tanh(2) - 10 * std::tanh(1)}) == "");
}

TEST_CASE("additive_energies: gradcheck passes", "[gradcheck]") {
  const auto apply = [](const Vars& in) { return additive_energies(in[0], in[1], in[2]); };
  CHECK(gradcheck("additive_energies", {{2, 3, 5}, {2, 4, 5}, {5}}, apply) == "");
  CHECK(gradcheck("one position", {{3, 1, 2}, {3, 1, 2}, {2}}, apply) == "");
  CHECK(gradcheck("one of each", {{1, 1, 1}, {1, 1, 1}, {1}}, apply) == "");
  CHECK(gradcheck("queries that are the keys", {{2, 3, 3}, {3}},
                  [](const Vars& in) { return additive_energies(in[0], in[0], in[1]); }) == "");
}

TEST_CASE("additive_energies: it equals the composition of small ops forward and backward") {
  const Leaf q(DType::f64, {2, 3, 4}, 1);
  const Leaf keys(DType::f64, {2, 5, 4}, 2);
  const Leaf v(DType::f64, {4}, 3);
  const auto run = [&](Var (*energies)(Var, Var, Var)) {
    Tape tape(DType::f64);
    const Var e = energies(q.on(tape), keys.on(tape), v.on(tape));
    tape.backward(sum(mul(e, e)));
    std::vector<double> all = values(e);
    for (const Leaf* leaf : {&q, &keys, &v}) {
      for (const double grad : values(leaf->grad())) all.push_back(grad);
    }
    return all;
  };
  const std::vector<double> expected = run(composed);
  Tape tape(DType::f64);
  std::vector<double> actual = run(additive_energies);
  CHECK(differs(Tensor(actual.data(), DType::f64, {static_cast<Index>(actual.size())}), expected) == "");
}

TEST_CASE("additive_energies: an energy with gradient 0 gives gradient 0 even if a key is NaN") {
  Tape tape(DType::f64);
  const Leaf q({1, 1, 1}, {0});
  const Leaf keys({1, 2, 1}, {0, kNan});
  const Leaf v({1}, {3});
  const Var e = additive_energies(q.on(tape), keys.on(tape), v.on(tape));
  CHECK(values(e)[0] == 0);
  CHECK(std::isnan(values(e)[1]));
  tape.backward(sum(softmax(e, std::vector<Index>{1})));
  CHECK(values(q.grad()) == std::vector<double>{0});
  CHECK(values(keys.grad()) == std::vector<double>{0, 0});
  CHECK(values(v.grad()) == std::vector<double>{0});
}

TEST_CASE("additive_energies: +-300 saturates without NaN") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf q({1, 1, 2}, {300, -300}, type);
    const Leaf keys({1, 1, 2}, {300, -300}, type);
    const Leaf v({2}, {2, 3}, type);
    const Var e = additive_energies(q.on(tape), keys.on(tape), v.on(tape));
    CHECK(values(e) == std::vector<double>{-1});
    tape.backward(sum(e));
    CHECK(values(q.grad()) == std::vector<double>{0, 0});
    CHECK(values(v.grad()) == std::vector<double>{1, -1});
  }
}

TEST_CASE("additive_energies: no source positions and an empty batch are accepted") {
  Tape tape;
  const auto nothing = [&](Shape shape) { return tape.input(tape.tensor(shape)); };
  CHECK(additive_energies(nothing({2, 3, 4}), nothing({2, 0, 4}), nothing({4})).shape() == Shape{2, 3, 0});
  CHECK(additive_energies(nothing({0, 3, 4}), nothing({0, 5, 4}), nothing({4})).shape() == Shape{0, 3, 5});
}

TEST_CASE("additive_energies: shapes that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  CHECK(shape_error([&] {
          additive_energies(zeros({2, 4}), zeros({2, 3, 4}), zeros({4}));
        }) == "additive_energies: q [2, 4] must have 3 axes");
  CHECK(shape_error([&] {
          additive_energies(zeros({2, 1, 4}), zeros({3, 4}), zeros({4}));
        }) == "additive_energies: keys [3, 4] must have 3 axes");
  CHECK(shape_error([&] {
          additive_energies(zeros({2, 1, 4}), zeros({2, 3, 5}), zeros({4}));
        }) == "additive_energies: keys [2, 3, 5] must be [2, 3, 4] for q's batch and width");
  CHECK(shape_error([&] {
          additive_energies(zeros({2, 1, 4}), zeros({2, 3, 4}), zeros({5}));
        }) == "additive_energies: v [5] must be [4] for q's width");
}

}  // namespace regard
