#include "framework/tensor/shape.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::internal_error;

TEST_CASE("shape: a number has rank 0 and one element") {
  const Shape shape;
  CHECK(shape.rank() == 0);
  CHECK(shape.size() == 1);
  CHECK(shape.rows() == 1);
  CHECK(shape.cols() == 1);
  CHECK(shape.text() == "[]");
}

TEST_CASE("shape: axes count from either end") {
  const Shape shape{2, 3, 4};
  CHECK(shape.rank() == 3);
  CHECK(shape[0] == 2);
  CHECK(shape[-1] == 4);
  CHECK(shape[-3] == 2);
  CHECK(shape.size() == 24);
  CHECK(shape.text() == "[2, 3, 4]");
}

TEST_CASE("shape: the matrix view has the last axis as columns") {
  CHECK(Shape{2, 3, 4}.rows() == 6);
  CHECK(Shape{2, 3, 4}.cols() == 4);
  CHECK(Shape{5}.rows() == 1);
  CHECK(Shape{0, 4}.rows() == 0);
  CHECK(Shape{4, 0}.rows() == 4);
  CHECK(Shape{4, 0}.size() == 0);
}

TEST_CASE("shape: a new last axis keeps the others") {
  CHECK(Shape{2, 3, 4}.with_cols(7) == Shape{2, 3, 7});
  CHECK(Shape{2}.with_cols(1) == Shape{1});
}

TEST_CASE("shape: shapes are equal if rank and axes are equal") {
  CHECK(Shape{2, 3} == Shape{2, 3});
  CHECK_FALSE(Shape{2, 3} == Shape{3, 2});
  CHECK_FALSE(Shape{2} == Shape{2, 1});
}

TEST_CASE("shape: axes that do not exist and a fifth one are refused") {
  const Shape shape{2, 3};
  CHECK(internal_error([&] { (void)shape[2]; }) == "axis out of range");
  CHECK(internal_error([&] { (void)shape[-3]; }) == "axis out of range");
  CHECK(internal_error([] { (void)Shape().with_cols(1); }) == "a number has no last axis");
  CHECK(internal_error([] { (void)Shape{1, 2, 3, 4, 5}; }) == "a shape has at most 4 axes");
  CHECK(internal_error([] { Shape{1, 2, 3, 4}.push_back(5); }) == "a shape has at most 4 axes");
}

}  // namespace regard
