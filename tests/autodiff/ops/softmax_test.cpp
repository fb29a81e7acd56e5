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

}  // namespace

TEST_CASE("softmax: it gives the known row") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Var y = softmax(tape.input({1, 3}, {0, std::log(2), std::log(5)}));
    CHECK(differs(y, {0.125, 0.25, 0.625}, type == DType::f32 ? 1e-6 : 1e-15) == "");
  }
}

TEST_CASE("softmax: gradcheck passes", "[gradcheck]") {
  for (const Shape& shape : {Shape{5}, Shape{3, 5}, Shape{2, 3, 4}, Shape{2, 1, 2, 3}, Shape{2, 1}}) {
    CHECK(gradcheck("softmax", {shape}, [](const Vars& in) { return softmax(in[0]); }) == "");
  }
  for (const Lengths& lengths : {Lengths{4, 4, 4}, Lengths{1, 3, 4}, Lengths{1, 1, 1}}) {
    CHECK(gradcheck("softmax with lengths", {{3, 2, 4}},
                    [&](const Vars& in) { return softmax(in[0], lengths); }) == "");
  }
  CHECK(gradcheck("softmax of softmax", {{2, 3}},
                  [](const Vars& in) { return mul(softmax(softmax(in[0])), in[0]); }) == "");
}

TEST_CASE("softmax: padding gets no weight and no gradient even if it holds NaN") {
  Tape tape(DType::f64);
  const Leaf x({2, 1, 3}, {0, kNan, kNan, std::log(3), 0, kNan});
  const Var y = softmax(x.on(tape), Lengths{1, 2});
  CHECK(differs(y, {1, 0, 0, 0.75, 0.25, 0}) == "");
  tape.backward(sum(mul(y, tape.input({2, 1, 3}, {1, kNan, kNan, 1, 0, kNan}))));
  CHECK(differs(x.grad(), {0, 0, 0, 0.1875, -0.1875, 0}) == "");
}

TEST_CASE("softmax: a single position has weight 1 and no rows are accepted") {
  Tape tape(DType::f64);
  CHECK(values(softmax(tape.input({2, 1}, {-300, 5}))) == std::vector<double>{1, 1});
  CHECK(softmax(tape.input(tape.tensor({0, 3}))).shape() == Shape{0, 3});
  CHECK(softmax(tape.input(tape.tensor({2, 0}))).shape() == Shape{2, 0});
  CHECK(softmax(tape.input(tape.tensor({0, 2, 3})), Lengths{}).shape() == Shape{0, 2, 3});
}

TEST_CASE("softmax: scores of +-300 give finite weights and NaN affects only its row") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf x({3, 2}, {300, -300, -300, -300, kNan, 0}, type);
    const Var y = softmax(x.on(tape));
    CHECK(values(y)[0] == 1);
    CHECK(values(y)[1] == Approx(0).margin(1e-30));
    CHECK(values(y)[2] == 0.5);
    CHECK(std::isnan(values(y)[4]));
    CHECK(std::isnan(values(y)[5]));
    tape.backward(sum(y));
    CHECK(values(x.grad())[0] == Approx(0).margin(1e-30));
    CHECK(values(x.grad())[2] == 0);
  }
}

TEST_CASE("softmax: lengths that do not fit are refused") {
  Tape tape;
  const Var x = tape.input(tape.zeros({2, 3, 4}));
  CHECK(shape_error([&] { softmax(x, Lengths{4}); }) == "softmax: 1 lengths for a batch of 2");
  CHECK(shape_error([&] {
          softmax(x, Lengths{1, 0});
        }) ==
        "softmax: length 0 of sentence 1 must lie in 1 to 4; a sentence "
        "without a position has no softmax and no final state");
  CHECK(shape_error([&] {
          softmax(x, Lengths{5, 1});
        }) ==
        "softmax: length 5 of sentence 0 must lie in 1 to 4; a sentence "
        "without a position has no softmax and no final state");
  CHECK(shape_error([&] {
          softmax(tape.input(tape.zeros({3, 4})), Lengths{1, 1, 1});
        }) == "softmax: x [3, 4] must have 3 axes");
}

}  // namespace regard
