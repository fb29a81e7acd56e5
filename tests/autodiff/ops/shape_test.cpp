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
using testing::shape_error;
using testing::values;
using testing::Vars;

}  // namespace

TEST_CASE("shape: reshape keeps the elements in order") {
  Tape tape(DType::f64);
  const Var y = reshape(tape.input({2, 3}, {1, 2, 3, 4, 5, 6}), {3, 2});
  CHECK(y.shape() == Shape{3, 2});
  CHECK(values(y) == std::vector<double>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("shape: concat joins along the last axis") {
  Tape tape(DType::f64);
  const Var y = concat(tape.input({2, 1}, {1, 2}), tape.input({2, 2}, {3, 4, 5, 6}));
  CHECK(y.shape() == Shape{2, 3});
  CHECK(values(y) == std::vector<double>{1, 3, 4, 2, 5, 6});
}

TEST_CASE("shape: concat_time joins along the second axis") {
  Tape tape(DType::f64);
  const std::vector<Var> parts{tape.input({2, 1, 2}, {1, 2, 3, 4}),
                               tape.input({2, 2, 2}, {5, 6, 7, 8, 9, 10, 11, 12})};
  const Var y = concat_time(parts);
  CHECK(y.shape() == Shape{2, 3, 2});
  CHECK(values(y) == std::vector<double>{1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12});
}

TEST_CASE("shape: slices take columns and steps") {
  Tape tape(DType::f64);
  const Var x = tape.input({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  CHECK(values(slice_last(x, 1, 1)) == std::vector<double>{2, 4, 6, 8, 10, 12});
  CHECK(slice_last(x, 1, 1).shape() == Shape{2, 3, 1});
  CHECK(values(slice_time(x, 1, 2)) == std::vector<double>{3, 4, 5, 6, 9, 10, 11, 12});
  CHECK(slice_time(x, 1, 2).shape() == Shape{2, 2, 2});
}

TEST_CASE("shape: gradcheck passes", "[gradcheck]") {
  CHECK(gradcheck("reshape", {{2, 3, 4}}, [](const Vars& in) { return reshape(in[0], {4, 6}); }) == "");
  CHECK(gradcheck("concat", {{2, 3}, {2, 1}, {2, 2}}, [](const Vars& in) { return concat(in); }) == "");
  CHECK(gradcheck("concat rank 1", {{2}, {3}}, [](const Vars& in) { return concat(in[0], in[1]); }) == "");
  CHECK(gradcheck("concat rank 4", {{2, 1, 3, 2}, {2, 1, 3, 1}}, [](const Vars& in) { return concat(in); }) == "");
  CHECK(gradcheck("slice_last", {{2, 5}}, [](const Vars& in) { return slice_last(in[0], 1, 3); }) == "");
  CHECK(gradcheck("slice_last rank 1", {{5}}, [](const Vars& in) { return slice_last(in[0], 4, 1); }) == "");
  CHECK(gradcheck("slice_time", {{2, 4, 3}}, [](const Vars& in) { return slice_time(in[0], 1, 2); }) == "");
  CHECK(gradcheck("concat_time", {{2, 1, 3}, {2, 3, 3}}, [](const Vars& in) { return concat_time(in); }) == "");
}

TEST_CASE("shape: parts that overlap or are used twice receive every gradient", "[gradcheck]") {
  CHECK(gradcheck("overlapping slices", {{2, 5}},
                  [](const Vars& in) { return mul(slice_last(in[0], 0, 3), slice_last(in[0], 2, 3)); }) == "");
  CHECK(gradcheck("overlapping steps", {{2, 3, 2}},
                  [](const Vars& in) { return mul(slice_time(in[0], 0, 2), slice_time(in[0], 1, 2)); }) == "");
  CHECK(gradcheck("concat of one", {{2, 2}}, [](const Vars& in) { return concat(in[0], in[0]); }) == "");
  CHECK(gradcheck("a view of a view", {{2, 6}}, [](const Vars& in) {
          return mul(reshape(reshape(in[0], {3, 4}), {2, 6}), in[0]);
        }) == "");
}

TEST_CASE("shape: the whole and the empty slice are accepted") {
  Tape tape(DType::f64);
  const Var x = tape.input({2, 2}, {1, 2, 3, 4});
  CHECK(values(slice_last(x, 0, 2)) == values(x));
  const std::vector<Var> one{x};
  CHECK(values(concat(one)) == values(x));
  const Var none = tape.input(tape.tensor({0, 2}));
  CHECK(concat(none, none).shape() == Shape{0, 4});
  CHECK(values(concat(x, tape.input(tape.tensor({2, 0})))) == values(x));
  CHECK(reshape(none, {2, 0}).shape() == Shape{2, 0});
}

TEST_CASE("shape: NaN is moved unchanged and elements outside of a slice get gradient 0") {
  Tape tape(DType::f64);
  const Leaf x({1, 3}, {std::numeric_limits<double>::quiet_NaN(), 300, -300});
  const Var y = slice_last(x.on(tape), 1, 2);
  CHECK(values(y) == std::vector<double>{300, -300});
  tape.backward(sum(y));
  CHECK(values(x.grad()) == std::vector<double>{0, 1, 1});
}

TEST_CASE("shape: shapes that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  const Var x = zeros({2, 3});
  const Var z = zeros({2, 3, 4});
  CHECK(shape_error([&] { reshape(x, {4, 2}); }) == "reshape: x [2, 3] has 6 elements, [4, 2] has 8");
  CHECK(shape_error([&] {
          concat(x, zeros({3, 3}));
        }) == "concat: [2, 3] and [3, 3] must agree in all axes but the last");
  CHECK(shape_error([&] { concat(x, z); }) == "concat: [2, 3] and [2, 3, 4] must agree in all axes but the last");
  CHECK(shape_error([&] { slice_last(x, 2, 2); }) == "slice_last: 2 from 2 of x [2, 3] leaves the axis of 3");
  CHECK(shape_error([&] { slice_last(x, -1, 2); }) == "slice_last: 2 from -1 of x [2, 3] leaves the axis of 3");
  CHECK(shape_error([&] { slice_last(x, 1, 0); }) == "slice_last: 0 from 1 of x [2, 3] leaves the axis of 3");
  CHECK(shape_error([&] { slice_time(x, 0, 1); }) == "slice_time: x [2, 3] must have 3 axes");
  CHECK(shape_error([&] { slice_time(z, 1, 3); }) == "slice_time: 3 from 1 of x [2, 3, 4] leaves the axis of 3");
  CHECK(shape_error([&] { concat_time(std::vector<Var>{z, x}); }) == "concat_time: x [2, 3] must have 3 axes");
  CHECK(shape_error([&] {
          concat_time(std::vector<Var>{z, zeros({2, 3, 5})});
        }) == "concat_time: [2, 3, 4] and [2, 3, 5] must agree in the first and last axis");
  CHECK(internal_error([&] { concat(std::vector<Var>{}); }) == "concat of nothing");
  CHECK(internal_error([&] { concat_time(std::vector<Var>{}); }) == "concat_time of nothing");
}

}  // namespace regard
