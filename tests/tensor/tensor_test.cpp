#include "framework/tensor/tensor.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::internal_error;
using testing::Leaf;
using testing::values;

TEST_CASE("tensor: elements are read and written in both types") {
  std::vector<float> memory(2);
  const Tensor x(memory.data(), DType::f32, {2});
  x.set(1, 0.5);
  CHECK(memory[1] == 0.5f);
  CHECK(x.at(1) == 0.5);
  CHECK(x.data<float>() == memory.data());
  CHECK(x.bytes() == 8);
  CHECK(Tensor(nullptr, DType::f64, {2, 3}).bytes() == 48);
}

TEST_CASE("tensor: a view shares its memory") {
  std::vector<double> memory{1, 2, 3, 4, 5, 6};
  const Tensor x(memory.data(), DType::f64, {3, 1, 2});
  CHECK(x.as({2, 3}).shape() == Shape{2, 3});
  CHECK(x.matrix().shape() == Shape{3, 2});
  const Tensor middle = x.slice(1, 2);
  CHECK(middle.shape() == Shape{2, 1, 2});
  CHECK(values(middle) == std::vector<double>{3, 4, 5, 6});
  middle.set(0, 30);
  CHECK(memory[2] == 30);
  CHECK(x.slice(3, 0).size() == 0);
}

TEST_CASE("tensor: a tensor without memory is empty") {
  CHECK(Tensor().empty());
  std::vector<double> memory(1);
  CHECK_FALSE(Tensor(memory.data(), DType::f64, {1}).empty());
}

TEST_CASE("tensor: indices out of range and other types are refused") {
  const Leaf leaf(DType::f64, {3, 2}, 1);
  const Tensor x = leaf.value();
  CHECK(internal_error([&] { (void)x.at(6); }) == "element out of range");
  CHECK(internal_error([&] { x.set(-1, 0); }) == "element out of range");
  CHECK(internal_error([&] { (void)x.data<float>(); }) == "a tensor was read as another element type");
  CHECK(internal_error([&] { (void)x.as({5}); }) == "a view under another shape must keep the number of elements");
  CHECK(internal_error([&] { (void)x.slice(2, 2); }) == "slice out of range");
  CHECK(internal_error([&] { (void)x.slice(-1, 1); }) == "slice out of range");
}

TEST_CASE("dtype: sizes and dispatch agree with the C++ types") {
  CHECK(size_of(DType::f32) == 4);
  CHECK(size_of(DType::f64) == 8);
  CHECK(dtype_of<float> == DType::f32);
  CHECK(dtype_of<double> == DType::f64);
  for (const DType type : {DType::f32, DType::f64}) {
    CHECK(dispatch(type, [](auto zero) { return static_cast<Index>(sizeof(zero)); }) == size_of(type));
  }
}

}  // namespace regard
