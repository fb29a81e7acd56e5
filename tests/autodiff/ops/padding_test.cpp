#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::gradcheck;
using testing::Leaf;
using testing::shape_error;
using testing::values;
using testing::Vars;

using Lengths = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("zero_padding: positions at and after the length become zero") {
  Tape tape(DType::f64);
  const Var x = tape.input({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(values(zero_padding(x, Lengths{1, 2})) == std::vector<double>{1, 2, 0, 0, 5, 6, 7, 8});
}

TEST_CASE("zero_padding: gradcheck passes", "[gradcheck]") {
  for (const Lengths& lengths : {Lengths{4, 4, 4}, Lengths{1, 3, 4}, Lengths{1, 1, 1}}) {
    CHECK(gradcheck("zero_padding", {{3, 4, 2}}, [&](const Vars& in) { return zero_padding(in[0], lengths); }) ==
          "");
  }
  CHECK(gradcheck("masked and not", {{2, 3, 1}}, [](const Vars& in) {
          return mul(zero_padding(in[0], Lengths{2, 1}), in[0]);
        }) == "");
}

TEST_CASE("zero_padding: NaN in padding affects nothing forward and backward") {
  Tape tape(DType::f64);
  const Leaf x({1, 3, 1}, {300, kNan, kNan});
  const Var y = zero_padding(x.on(tape), Lengths{1});
  CHECK(values(y) == std::vector<double>{300, 0, 0});
  tape.backward(y, tape.input({1, 3, 1}, {-300, kNan, kNan}).value());
  CHECK(values(x.grad()) == std::vector<double>{-300, 0, 0});
}

TEST_CASE("zero_padding: NaN in a real position stays NaN") {
  Tape tape;
  CHECK(std::isnan(values(zero_padding(tape.input({1, 2, 1}, {kNan, 1}), Lengths{1}))[0]));
}

TEST_CASE("zero_padding: an empty batch and empty vectors are accepted") {
  Tape tape;
  CHECK(zero_padding(tape.input(tape.tensor({0, 3, 2})), Lengths{}).shape() == Shape{0, 3, 2});
  CHECK(zero_padding(tape.input(tape.tensor({1, 3, 0})), Lengths{2}).shape() == Shape{1, 3, 0});
}

TEST_CASE("zero_padding: lengths that do not fit are refused") {
  Tape tape;
  const Var x = tape.input(tape.zeros({2, 3, 4}));
  CHECK(shape_error([&] { zero_padding(x, Lengths{1, 2, 3}); }) == "zero_padding: 3 lengths for a batch of 2");
  CHECK(shape_error([&] {
          zero_padding(x, Lengths{0, 3});
        }) ==
        "zero_padding: length 0 of sentence 0 must lie in 1 to 3; a "
        "sentence without a position has no softmax and no final state");
  CHECK(shape_error([&] {
          zero_padding(tape.input(tape.zeros({2, 3})), Lengths{1, 1});
        }) == "zero_padding: x [2, 3] must have 3 axes");
}

}  // namespace regard
