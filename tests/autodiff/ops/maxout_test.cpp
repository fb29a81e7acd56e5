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

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("maxout: it selects the larger of each pair") {
  Tape tape(DType::f64);
  const Var y = maxout(tape.input({2, 1, 4}, {1, 2, -3, -4, 0, 0, 7, -7}));
  CHECK(y.shape() == Shape{2, 1, 2});
  CHECK(values(y) == std::vector<double>{2, -3, 0, 7});
}

TEST_CASE("maxout: gradcheck passes", "[gradcheck]") {
  for (const Shape& shape : {Shape{6}, Shape{3, 4}, Shape{2, 3, 10}}) {
    CHECK(gradcheck("maxout", {shape}, [](const Vars& in) { return maxout(in[0]); }) == "");
  }
  CHECK(gradcheck("used twice", {{2, 4}}, [](const Vars& in) { return add(maxout(in[0]), sum(in[0])); }) == "");
}

TEST_CASE("maxout: the first of two equal numbers gets the gradient") {
  Tape tape(DType::f64);
  const Leaf x({4}, {5, 5, -1, 2});
  tape.backward(sum(maxout(x.on(tape))));
  CHECK(values(x.grad()) == std::vector<double>{1, 0, 0, 1});
}

TEST_CASE("maxout: infinities are compared and NaN in either place gives NaN") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const auto y = values(maxout(tape.input({8}, {-kInf, 300, kInf, -300, kNan, 1, 1, kNan})));
    CHECK(y[0] == 300);
    CHECK(y[1] == kInf);
    CHECK(std::isnan(y[2]));
    CHECK(std::isnan(y[3]));
  }
}

TEST_CASE("maxout: no rows are accepted and an odd axis is refused") {
  Tape tape;
  CHECK(maxout(tape.input(tape.tensor({0, 4}))).shape() == Shape{0, 2});
  CHECK(shape_error([&] {
          maxout(tape.input(tape.zeros({2, 3})));
        }) == "maxout: the last axis of x [2, 3] must be even");
}

}  // namespace regard
