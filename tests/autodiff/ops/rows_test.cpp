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

using Ids = std::vector<Index>;

}  // namespace

TEST_CASE("rows: embedding picks rows in the shape of the ids") {
  Tape tape(DType::f64);
  const Var W = tape.input({3, 2}, {1, 2, 3, 4, 5, 6});
  const Var y = embedding(W, Ids{2, 0, 2, 1}, {2, 2});
  CHECK(y.shape() == Shape{2, 2, 2});
  CHECK(values(y) == std::vector<double>{5, 6, 1, 2, 5, 6, 3, 4});
}

TEST_CASE("rows: gather_rows picks along the first axis for any rank") {
  Tape tape(DType::f64);
  const Var x = tape.input({3, 1, 2}, {1, 2, 3, 4, 5, 6});
  const Var y = gather_rows(x, Ids{1, 1, 0});
  CHECK(y.shape() == Shape{3, 1, 2});
  CHECK(values(y) == std::vector<double>{3, 4, 3, 4, 1, 2});
}

TEST_CASE("rows: gradcheck passes", "[gradcheck]") {
  CHECK(gradcheck("embedding", {{5, 3}}, [](const Vars& in) {
          return embedding(in[0], Ids{4, 0, 4, 2, 4, 0}, {2, 3});
        }) == "");
  CHECK(gradcheck("embedding of one", {{1, 1}}, [](const Vars& in) { return embedding(in[0], Ids{0}, {1}); }) ==
        "");
  for (const Shape& shape : {Shape{4}, Shape{4, 3}, Shape{4, 1, 3}, Shape{4, 2, 1, 2}}) {
    CHECK(gradcheck("gather_rows", {shape}, [](const Vars& in) {
            return gather_rows(in[0], Ids{3, 1, 3, 3, 0});
          }) == "");
  }
  CHECK(gradcheck("rows taken twice", {{4, 2}}, [](const Vars& in) {
          return mul(gather_rows(in[0], Ids{0, 1}), embedding(in[0], Ids{1, 1}, {2}));
        }) == "");
}

TEST_CASE("rows: an empty selection gives nothing and no gradient") {
  Tape tape(DType::f64);
  const Leaf x({2, 2}, {1, 2, 3, 4});
  const Leaf W({2, 2}, {1, 2, 3, 4});
  const Var y = gather_rows(x.on(tape), Ids{});
  const Var e = embedding(W.on(tape), Ids{}, {2, 0});
  CHECK(y.shape() == Shape{0, 2});
  CHECK(e.shape() == Shape{2, 0, 2});
  tape.backward(add(sum(y), sum(e)));
  CHECK(values(x.grad()) == std::vector<double>{0, 0, 0, 0});
  CHECK(values(W.grad()) == std::vector<double>{0, 0, 0, 0});
}

TEST_CASE("rows: NaN in a row that is not picked affects nothing") {
  Tape tape(DType::f64);
  const Leaf x({2, 2}, {std::numeric_limits<double>::quiet_NaN(), 1, 300, -300});
  const Var y = gather_rows(x.on(tape), Ids{1, 1});
  CHECK(values(y) == std::vector<double>{300, -300, 300, -300});
  tape.backward(sum(y));
  CHECK(values(x.grad()) == std::vector<double>{0, 0, 2, 2});
  CHECK(std::isnan(values(embedding(x.on(tape), Ids{0}, {1}))[0]));
}

TEST_CASE("rows: ids and rows out of range are refused") {
  Tape tape;
  const Var W = tape.input(tape.zeros({3, 2}));
  CHECK(shape_error([&] { embedding(W, Ids{0, 3}, {2}); }) == "embedding: id 3 at 1 must lie in 0 to 2");
  CHECK(shape_error([&] { embedding(W, Ids{-1}, {1}); }) == "embedding: id -1 at 0 must lie in 0 to 2");
  CHECK(shape_error([&] { embedding(W, Ids{0, 1}, {3}); }) == "embedding: 2 ids for the shape [3]");
  CHECK(shape_error([&] { embedding(tape.input(tape.zeros({3})), Ids{0}, {1}); }) ==
        "embedding: W [3] must have 2 axes");
  CHECK(shape_error([&] { gather_rows(W, Ids{0, 1, -1}); }) == "gather_rows: row -1 at 2 must lie in 0 to 2");
  CHECK(shape_error([&] { gather_rows(W, Ids{3}); }) == "gather_rows: row 3 at 0 must lie in 0 to 2");
}

}  // namespace regard
