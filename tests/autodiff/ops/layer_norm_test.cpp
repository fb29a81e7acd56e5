#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "framework/base/parallel.h"
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

}  // namespace

TEST_CASE("layer_norm: it gives the known row") {
  Tape tape(DType::f64);
  const Var x = tape.input({1, 4}, {1, 3, 1, 3});  // mean 2, variance 1
  const double one = 1 / std::sqrt(1 + 1e-5);
  const Var y = layer_norm(x, tape.input({4}, {1, 2, 3, 4}), tape.input({4}, {0, 0, 10, 10}));
  CHECK(differs(y, {-one, 2 * one, 10 - 3 * one, 10 + 4 * one}) == "");
}

TEST_CASE("layer_norm: values and gradients are PyTorch's", "[golden]") {
  Tape tape(DType::f64);
  const Leaf x = golden::tensor(0, {3, 5}), gain = golden::tensor(1, {5}), bias = golden::tensor(2, {5});
  const Leaf to_y = golden::tensor(3, {3, 5});
  const Var y = layer_norm(x.on(tape), gain.on(tape), bias.on(tape));
  CHECK(differs(y, golden::kLayerNorm_y, 1e-14) == "");
  tape.backward(sum(mul(y, tape.input(to_y.value()))));
  CHECK(differs(x.grad(), golden::kLayerNorm_dx, 1e-13) == "");
  CHECK(differs(gain.grad(), golden::kLayerNorm_d_gain, 1e-13) == "");
  CHECK(differs(bias.grad(), golden::kLayerNorm_d_bias, 1e-13) == "");
}

TEST_CASE("layer_norm: gradcheck passes", "[gradcheck]") {
  for (const Shape& shape : {Shape{4}, Shape{3, 5}, Shape{2, 3, 7}}) {
    const Index n = shape.cols();
    CHECK(gradcheck("layer_norm", {shape, {n}, {n}},
                    [](const Vars& in) { return layer_norm(in[0], in[1], in[2]); }) == "");
  }
  CHECK(gradcheck("x used twice", {{2, 5}, {5}, {5}},
                  [](const Vars& in) { return mul(layer_norm(in[0], in[1], in[2]), in[0]); }) == "");
}

TEST_CASE("layer_norm: a row of equal numbers becomes the bias") {
  Tape tape(DType::f64);
  const Leaf x({1, 3}, {7, 7, 7});
  const Var y = layer_norm(x.on(tape), tape.input({3}, {2, 2, 2}), tape.input({3}, {1, 2, 3}));
  CHECK(values(y) == std::vector<double>{1, 2, 3});
  tape.backward(sum(y));
  CHECK(differs(x.grad(), {0, 0, 0}) == "");
}

TEST_CASE("layer_norm: no rows are accepted") {
  Tape tape;
  const auto nothing = [&](Shape shape) { return tape.input(tape.tensor(shape)); };
  CHECK(layer_norm(nothing({0, 3}), nothing({3}), nothing({3})).shape() == Shape{0, 3});
}

TEST_CASE("layer_norm: a large mean costs no accuracy and NaN stays in its row") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf x({3, 2}, {10001, 9999, -300, 300, nan, 1}, type);
    const Leaf gain({2}, {1, 1}, type), bias({2}, {0, 0}, type);
    const Var y = layer_norm(x.on(tape), gain.on(tape), bias.on(tape));
    CHECK(values(y)[0] == Approx(1).epsilon(1e-5));
    CHECK(values(y)[1] == Approx(-1).epsilon(1e-5));
    CHECK(values(y)[3] == Approx(1));
    CHECK(std::isnan(values(y)[4]));
  }
}

TEST_CASE("layer_norm: results have the same bytes for any number of threads") {
  std::vector<double> expected;
  const int before = threads();
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    const Leaf x(DType::f32, {301, 130}, 1), gain(DType::f32, {130}, 2), bias(DType::f32, {130}, 3);
    Tape tape;
    const Var y = layer_norm(x.on(tape), gain.on(tape), bias.on(tape));
    tape.backward(sum(mul(y, y)));
    std::vector<double> all = values(y);
    for (const Leaf* leaf : {&x, &gain, &bias}) {
      for (const double v : values(leaf->grad())) all.push_back(v);
    }
    if (count == 1) expected = all;
    CHECK(all == expected);
  }
  set_threads(before);
}

TEST_CASE("layer_norm: shapes that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  CHECK(shape_error([&] {
          layer_norm(zeros({2, 3}), zeros({2}), zeros({3}));
        }) == "layer_norm: gain [2] must be [3] for x's last axis");
  CHECK(shape_error([&] {
          layer_norm(zeros({2, 3}), zeros({3}), zeros({1, 3}));
        }) == "layer_norm: bias [1, 3] must be [3] for x's last axis");
}

}  // namespace regard
