#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::gradcheck;
using testing::internal_error;
using testing::Leaf;
using testing::values;
using testing::Vars;

}  // namespace

TEST_CASE("reduce: it gives the known values") {
  Tape tape(DType::f64);
  const Var x = tape.input({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(values(sum(x)) == std::vector<double>{21});
  CHECK(sum(x).shape() == Shape{1});
  CHECK(values(sum_last(x)) == std::vector<double>{6, 15});
  CHECK(sum_last(x).shape() == Shape{2, 1});
}

TEST_CASE("reduce: gradcheck passes", "[gradcheck]") {
  for (const Shape& shape : {Shape{1}, Shape{7}, Shape{3, 5}, Shape{2, 1, 3}, Shape{2, 3, 2, 1}}) {
    CHECK(gradcheck("sum", {shape}, [](const Vars& in) { return sum(in[0]); }) == "");
    CHECK(gradcheck("sum_last", {shape}, [](const Vars& in) { return sum_last(in[0]); }) == "");
    CHECK(gradcheck("used before and after", {shape},
                    [](const Vars& in) { return mul(sum_last(mul(in[0], in[0])), sum(in[0])); }) == "");
  }
}

TEST_CASE("reduce: sums of nothing are zero") {
  Tape tape(DType::f64);
  CHECK(values(sum(tape.input(tape.tensor({0, 3})))) == std::vector<double>{0});
  CHECK(values(sum_last(tape.input(tape.tensor({2, 0})))) == std::vector<double>{0, 0});
  CHECK(sum_last(tape.input(tape.tensor({0, 3}))).shape() == Shape{0, 1});
}

TEST_CASE("reduce: NaN gives NaN and does not affect the gradient") {
  Tape tape(DType::f64);
  const Leaf x({2, 2}, {1, std::numeric_limits<double>::quiet_NaN(), 2, 3});
  const Var y = sum_last(x.on(tape));
  CHECK(std::isnan(values(y)[0]));
  CHECK(values(y)[1] == 5);
  const Var total = sum(y);
  CHECK(std::isnan(values(total)[0]));
  tape.backward(total);
  CHECK(values(x.grad()) == std::vector<double>{1, 1, 1, 1});
}

TEST_CASE("reduce: a million small numbers keep their digits in f32") {
  Tape tape;
  const Leaf x(DType::f32, {1000, 1000}, 3, 0.1, 0.1);
  CHECK(values(sum(x.on(tape)))[0] == Approx(100000).epsilon(1e-6));
}

TEST_CASE("reduce: a number without axes has no last axis") {
  Tape tape;
  CHECK(internal_error([&] { sum_last(tape.input(Shape{}, {1})); }) == "a number has no last axis");
}

}  // namespace regard
