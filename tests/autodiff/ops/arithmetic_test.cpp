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

struct Named {
  const char* name;
  Var (*apply)(Var, Var);
};
const std::vector<Named> kOps{{"add", add}, {"sub", sub}, {"mul", mul}, {"div", div}};

// Every kind of broadcast: none, one number, missing axes, and an axis of size 1 in each place, on one side or
// both.
const std::vector<std::array<Shape, 2>> kPairs{
    {Shape{5}, Shape{5}},          {Shape{2, 3, 1, 2}, Shape{2, 3, 1, 2}},
    {Shape{2, 3}, Shape{1}},       {Shape{2, 3}, Shape{}},
    {Shape{2, 3, 4}, Shape{4}},    {Shape{2, 3, 4}, Shape{3, 1}},
    {Shape{2, 3, 4}, Shape{3, 4}}, {Shape{2, 3, 4}, Shape{2, 1, 4}},
    {Shape{2, 3}, Shape{2, 1}},    {Shape{2, 3, 4}, Shape{2, 3, 1}},
    {Shape{2, 3}, Shape{1, 3}},    {Shape{2, 3, 2, 2}, Shape{2, 1, 2, 1}},
    {Shape{2, 1}, Shape{1, 3}},    {Shape{2, 1, 3, 1}, Shape{1, 2, 1, 3}},
    {Shape{1, 3}, Shape{2, 1, 1}}, {Shape{1}, Shape{1, 1}},
};

}  // namespace

TEST_CASE("arithmetic: it gives the known values with and without broadcast") {
  Tape tape(DType::f64);
  const Var a = tape.input({2, 2}, {1, 2, 3, 4});
  const Var b = tape.input({2, 2}, {5, 6, 7, 8});
  CHECK(values(add(a, b)) == std::vector<double>{6, 8, 10, 12});
  CHECK(values(sub(a, b)) == std::vector<double>{-4, -4, -4, -4});
  CHECK(values(mul(a, b)) == std::vector<double>{5, 12, 21, 32});
  CHECK(values(div(b, a)) == std::vector<double>{5, 3, 7.0 / 3, 2});
  const Var row = tape.input({2}, {10, 20});
  const Var column = tape.input({2, 1}, {10, 20});
  CHECK(values(add(a, row)) == std::vector<double>{11, 22, 13, 24});
  CHECK(values(sub(column, a)) == std::vector<double>{9, 8, 17, 16});
  CHECK(values(mul(row, column)) == std::vector<double>{100, 200, 200, 400});
  CHECK(mul(row, column).shape() == Shape{2, 2});
}

TEST_CASE("arithmetic: gradcheck passes for every kind of broadcast", "[gradcheck]") {
  for (const auto& op : kOps) {
    for (const auto& [a, b] : kPairs) {
      INFO(op.name << a.text() << b.text());
      const auto apply = [&](const Vars& in) { return op.apply(in[0], in[1]); };
      CHECK(gradcheck(op.name, {a, b}, apply, {.low = 0.5, .high = 2}) == "");
      CHECK(gradcheck(op.name, {b, a}, apply, {.low = 0.5, .high = 2}) == "");
    }
  }
}

TEST_CASE("arithmetic: an operand used twice receives both gradients", "[gradcheck]") {
  for (const auto& op : kOps) {
    CHECK(gradcheck(op.name, {{2, 3}}, [&](const Vars& in) { return op.apply(in[0], in[0]); },
                    {.low = 0.5, .high = 2}) == "");
  }
}

TEST_CASE("arithmetic: empty tensors give empty results and zero gradients") {
  Tape tape(DType::f64);
  const Leaf a({3}, {1, 2, 3});
  const Var empty = tape.input(tape.tensor({0, 3}));
  const Var y = mul(a.on(tape), empty);
  CHECK(y.shape() == Shape{0, 3});
  tape.backward(sum(y));
  CHECK(values(a.grad()) == std::vector<double>{0, 0, 0});
}

TEST_CASE("arithmetic: NaN and infinity follow IEEE") {
  Tape tape;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Var x = tape.input({2}, {nan, 300});
  const Var zero = tape.input({1}, {0});
  for (const auto& op : kOps) CHECK(std::isnan(values(op.apply(x, zero))[0]));
  CHECK(values(div(x, zero))[1] == std::numeric_limits<double>::infinity());
  CHECK(values(mul(x, x))[1] == 90000);
}

TEST_CASE("arithmetic: shapes that do not broadcast are refused") {
  Tape tape;
  const Var a = tape.input(tape.zeros({2, 3}));
  const Var b = tape.input(tape.zeros({2, 4}));
  const std::string rest =
      ": a [2, 3] and b [2, 4] do not broadcast: aligned at the right, each axis must be equal or one";
  for (const auto& op : kOps) CHECK(shape_error([&] { op.apply(a, b); }) == op.name + rest);
}

}  // namespace regard
