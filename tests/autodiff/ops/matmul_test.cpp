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

}  // namespace

TEST_CASE("matmul: the three forms give the known values") {
  Tape tape(DType::f64);
  const Var a = tape.input({2, 3}, {1, 2, 3, 4, 5, 6});
  const Var b = tape.input({3, 2}, {1, 0, 2, 1, 0, 3});
  const Var W = tape.input({2, 3}, {1, 2, 0, 0, 1, 3});  // b transposed
  CHECK(values(matmul(a, b)) == std::vector<double>{5, 11, 14, 23});
  CHECK(values(matmul_nt(a, W)) == std::vector<double>{5, 11, 14, 23});
  CHECK(values(affine(a, W, tape.input({2}, {100, 200}))) == std::vector<double>{105, 211, 114, 223});
}

TEST_CASE("matmul: leading axes are kept") {
  Tape tape;
  const Var a = tape.input(tape.zeros({2, 3, 4}));
  CHECK(matmul(a, tape.input(tape.zeros({4, 5}))).shape() == Shape{2, 3, 5});
  CHECK(matmul_nt(a, tape.input(tape.zeros({5, 4}))).shape() == Shape{2, 3, 5});
  CHECK(matmul(tape.input(tape.zeros({4})), tape.input(tape.zeros({4, 5}))).shape() == Shape{5});
}

TEST_CASE("matmul: gradcheck passes", "[gradcheck]") {
  for (const Shape& lead : {Shape{3}, Shape{3, 5}, Shape{2, 1, 3}, Shape{2, 1, 2, 3}}) {
    CHECK(gradcheck("matmul", {lead.rank() == 2 ? Shape{3, 5} : lead.with_cols(5), {5, 2}},
                    [](const Vars& in) { return matmul(in[0], in[1]); }) == "");
    CHECK(gradcheck("matmul_nt", {lead.with_cols(5), {2, 5}},
                    [](const Vars& in) { return matmul_nt(in[0], in[1]); }) == "");
    CHECK(gradcheck("affine", {lead.with_cols(5), {2, 5}, {2}},
                    [](const Vars& in) { return affine(in[0], in[1], in[2]); }) == "");
  }
  CHECK(gradcheck("matmul 1x1", {{1, 1}, {1, 1}}, [](const Vars& in) { return matmul(in[0], in[1]); }) == "");
}

TEST_CASE("matmul: computed weights receive their gradient too", "[gradcheck]") {
  CHECK(gradcheck("matmul_nt", {{3, 5}, {2, 5}}, [](const Vars& in) {
          const Var W = tanh(in[1]);  // not a leaf, so its gradient is not delayed
          return add(matmul_nt(in[0], W), matmul_nt(tanh(in[0]), W));
        }) == "");
  CHECK(gradcheck("affine", {{3, 5}, {2, 5}, {2}},
                  [](const Vars& in) { return affine(in[0], scale(in[1], 2), tanh(in[2])); }) == "");
}

TEST_CASE("matmul: a factor used on both sides receives both gradients", "[gradcheck]") {
  CHECK(gradcheck("matmul", {{3, 3}}, [](const Vars& in) { return matmul(in[0], in[0]); }) == "");
  CHECK(gradcheck("matmul_nt", {{3, 3}}, [](const Vars& in) { return matmul_nt(in[0], in[0]); }) == "");
}

TEST_CASE("matmul: no rows and an inner length of zero give zeros") {
  Tape tape(DType::f64);
  const Leaf W({2, 3}, {1, 2, 3, 4, 5, 6});
  const Leaf b({2}, {1, 2});
  const Leaf B({3, 2}, {1, 2, 3, 4, 5, 6});
  const Var none = tape.input(tape.tensor({0, 3}));
  const Var y = affine(none, W.on(tape), b.on(tape));
  CHECK(y.shape() == Shape{0, 2});
  const Var thin = matmul(tape.input(tape.tensor({2, 0})), tape.input(tape.tensor({0, 2})));
  CHECK(values(thin) == std::vector<double>{0, 0, 0, 0});
  tape.backward(add(sum(y), sum(matmul(none, B.on(tape)))));
  CHECK(values(W.grad()) == std::vector<double>(6, 0));
  CHECK(values(b.grad()) == std::vector<double>(2, 0));
  CHECK(values(B.grad()) == std::vector<double>(6, 0));
}

TEST_CASE("matmul: large values stay finite and NaN affects only its row") {
  Tape tape;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Var a = tape.input({2, 2}, {300, -300, nan, 1});
  const Var y = matmul(a, tape.input({2, 2}, {300, 300, -300, 300}));
  CHECK(values(y)[0] == 180000);
  CHECK(values(y)[1] == 0);
  CHECK(std::isnan(values(y)[2]));
  CHECK(std::isnan(values(y)[3]));
}

TEST_CASE("matmul: shapes that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  CHECK(shape_error([&] {
          matmul(zeros({32, 512}), zeros({500, 512}));
        }) == "matmul: a [32, 512] x b [500, 512]: a's last (512) must equal b's first (500)");
  CHECK(shape_error([&] { matmul(zeros({2, 3}), zeros({1, 3, 4})); }) == "matmul: b [1, 3, 4] must have 2 axes");
  CHECK(shape_error([&] {
          matmul_nt(zeros({2, 3}), zeros({4, 5}));
        }) == "matmul_nt: a [2, 3] x b [4, 5]: a's last (3) must equal b's last (5)");
  CHECK(shape_error([&] { matmul_nt(zeros({2, 3}), zeros({3})); }) == "matmul_nt: b [3] must have 2 axes");
  CHECK(shape_error([&] {
          affine(zeros({2, 3}), zeros({4, 5}), zeros({4}));
        }) == "affine: a [2, 3] x b [4, 5]: a's last (3) must equal b's last (5)");
  CHECK(shape_error([&] { affine(zeros({2, 3}), zeros({3}), zeros({3})); }) == "affine: W [3] must have 2 axes");
  CHECK(shape_error([&] {
          affine(zeros({2, 3}), zeros({4, 3}), zeros({3}));
        }) == "affine: b [3] must be [4] for W's rows");
}

}  // namespace regard
