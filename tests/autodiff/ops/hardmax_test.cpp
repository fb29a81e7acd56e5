#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::Leaf;
using testing::shape_error;
using testing::values;

using Lengths = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("hardmax: the largest of a sentence's own positions and the first of equal ones") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Var x = tape.input({2, 2, 3}, {1, 3, 2, 5, 5, 0, -1, -2, 9, -3, -2, kNan});
    CHECK(values(hardmax(x, Lengths{3, 2})) == std::vector<double>{0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0});
  }
}

TEST_CASE("hardmax: it is a constant") {
  Tape tape(DType::f64);
  const Leaf x({1, 1, 2}, {1, 2});
  CHECK_FALSE(hardmax(x.on(tape), Lengths{2}).needs_grad());
}

TEST_CASE("hardmax: shapes and lengths that do not fit are refused") {
  Tape tape;
  CHECK(shape_error([&] {
          static_cast<void>(hardmax(tape.input(tape.zeros({2, 3})), Lengths{1, 1}));
        }).starts_with("hardmax: x [2, 3]"));
  CHECK(shape_error([&] {
          static_cast<void>(hardmax(tape.input(tape.zeros({1, 1, 3})), Lengths{4}));
        }).starts_with("hardmax: "));
}

}  // namespace regard
