#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::Leaf;
using testing::shape_error;
using testing::values;

}  // namespace

TEST_CASE("straight_through: the value of one with the gradient of the other") {
  Tape tape(DType::f64);
  const Leaf soft({1, 3}, {0.2, 0.5, 0.3});
  const Var hard = tape.input({1, 3}, {0, 1, 0});
  const Var s = soft.on(tape);
  const Var y = straight_through(hard, s);
  CHECK(values(y) == std::vector<double>{0, 1, 0});
  // d/ds of y * y * (7, 8, 9) + s with y's value: 2 y (7, 8, 9) + 1
  tape.backward(sum(add(mul(mul(y, y), tape.input({1, 3}, {7, 8, 9})), s)));
  CHECK(differs(soft.grad(), {1, 17, 1}) == "");
}

TEST_CASE("straight_through: shapes that differ are refused") {
  Tape tape;
  CHECK(shape_error([&] {
          static_cast<void>(straight_through(tape.input(tape.zeros({2})), tape.input(tape.zeros({3}))));
        }).starts_with("straight_through: "));
}

}  // namespace regard
