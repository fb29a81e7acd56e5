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

}  // namespace

TEST_CASE("batched_matmul: both forms give the known values") {
  Tape tape(DType::f64);
  const Var a = tape.input({2, 1, 2}, {1, 2, 3, 4});
  const Var b = tape.input({2, 2, 2}, {1, 0, 0, 1, 5, 6, 7, 8});
  CHECK(values(batched_matmul(a, b)) == std::vector<double>{1, 2, 43, 50});
  CHECK(values(batched_matmul_nt(a, b)) == std::vector<double>{1, 2, 39, 53});
  CHECK(batched_matmul(a, b).shape() == Shape{2, 1, 2});
}

TEST_CASE("batched_matmul: gradcheck passes", "[gradcheck]") {
  for (const Index B : {1, 3}) {
    for (const Index m : {1, 2}) {
      CHECK(gradcheck("batched_matmul", {{B, m, 5}, {B, 5, 3}},
                      [](const Vars& in) { return batched_matmul(in[0], in[1]); }) == "");
      CHECK(gradcheck("batched_matmul_nt", {{B, m, 5}, {B, 3, 5}},
                      [](const Vars& in) { return batched_matmul_nt(in[0], in[1]); }) == "");
    }
  }
}

TEST_CASE("batched_matmul: a factor used on both sides receives both gradients", "[gradcheck]") {
  CHECK(gradcheck("batched_matmul", {{2, 3, 3}}, [](const Vars& in) { return batched_matmul(in[0], in[0]); }) ==
        "");
  CHECK(gradcheck("batched_matmul_nt", {{2, 2, 3}},
                  [](const Vars& in) { return batched_matmul_nt(in[0], in[0]); }) == "");
}

TEST_CASE("batched_matmul: an empty batch and an inner length of zero are accepted") {
  Tape tape(DType::f64);
  const auto nothing = [&](Shape shape) { return tape.input(tape.tensor(shape)); };
  CHECK(batched_matmul(nothing({0, 2, 3}), nothing({0, 3, 4})).shape() == Shape{0, 2, 4});
  CHECK(values(batched_matmul_nt(nothing({2, 1, 0}), nothing({2, 2, 0}))) == std::vector<double>{0, 0, 0, 0});
}

TEST_CASE("batched_matmul: NaN in padding does not reach a masked weighted sum") {
  Tape tape(DType::f64);
  const std::vector<Index> lengths{1, 2};
  const Leaf energies({2, 1, 2}, {0, kNan, 0, 0});
  const Leaf states({2, 2, 1}, {3, kNan, 5, 7});
  const Var weights = softmax(energies.on(tape), lengths);
  const Var context = batched_matmul(weights, zero_padding(states.on(tape), lengths));
  CHECK(values(context) == std::vector<double>{3, 6});
  tape.backward(sum(context));
  CHECK(differs(energies.grad(), {0, 0, -0.5, 0.5}) == "");
  CHECK(differs(states.grad(), {1, 0, 0.5, 0.5}) == "");
}

TEST_CASE("batched_matmul: large values stay finite and NaN stays in its own matrix") {
  Tape tape;
  const Var a = tape.input({2, 1, 2}, {kNan, 1, 300, -300});
  const Var y = batched_matmul_nt(a, tape.input({2, 1, 2}, {1, 1, 300, -300}));
  CHECK(std::isnan(values(y)[0]));
  CHECK(values(y)[1] == 180000);
}

TEST_CASE("batched_matmul: shapes that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  CHECK(shape_error([&] {
          batched_matmul(zeros({2, 3, 4}), zeros({2, 5, 6}));
        }) == "batched_matmul: a [2, 3, 4] x b [2, 5, 6]: a's last (4) must equal b's second (5)");
  CHECK(shape_error([&] {
          batched_matmul(zeros({2, 3, 4}), zeros({3, 4, 6}));
        }) == "batched_matmul: a [2, 3, 4] x b [3, 4, 6]: a's batch (2) must equal b's batch (3)");
  CHECK(shape_error([&] {
          batched_matmul_nt(zeros({2, 3, 4}), zeros({2, 4, 6}));
        }) == "batched_matmul_nt: a [2, 3, 4] x b [2, 4, 6]: a's last (4) must equal b's last (6)");
  CHECK(shape_error([&] {
          batched_matmul_nt(zeros({2, 3, 4}), zeros({1, 4, 4}));
        }) == "batched_matmul_nt: a [2, 3, 4] x b [1, 4, 4]: a's batch (2) must equal b's batch (1)");
  CHECK(shape_error([&] {
          batched_matmul(zeros({3, 4}), zeros({2, 4, 6}));
        }) == "batched_matmul: a [3, 4] must have 3 axes");
  CHECK(shape_error([&] {
          batched_matmul_nt(zeros({2, 3, 4}), zeros({3, 4}));
        }) == "batched_matmul_nt: b [3, 4] must have 3 axes");
}

}  // namespace regard
