#include "framework/autodiff/packed_weights.h"

#include <array>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::Leaf;

// x [1, 2] times the packed matrix, which has two columns.
std::array<float, 2> times(std::array<float, 2> x, const PackedMatrix& packed) {
  std::array<float, 2> y{};
  gemm_packed(1, x.data(), 2, packed, false, nullptr, y.data(), 2);
  return y;
}

constexpr std::array<float, 2> kX{1, 10};

}  // namespace

TEST_CASE("packed_weights: each form of a weight is packed once and kept until it is cleared") {
  const Leaf W({2, 2}, {1, 2, 3, 4}, DType::f32), V({2, 2}, {5, 6, 7, 8}, DType::f32);
  PackedWeights weights;
  CHECK(weights.bytes_in_use() == 0);
  const PackedMatrix across = weights.get(W.value(), Transpose::yes, DType::f32);
  CHECK(times(kX, across) == std::array<float, 2>{21, 43});  // x W^T
  const std::size_t one = weights.bytes_in_use();
  CHECK(one > 0);
  const PackedMatrix along = weights.get(W.value(), Transpose::no, DType::f32);
  CHECK(times(kX, along) == std::array<float, 2>{31, 42});  // x W
  CHECK(times(kX, weights.get(V.value(), Transpose::yes, DType::f32)) == std::array<float, 2>{65, 87});
  const std::size_t three = weights.bytes_in_use();
  CHECK(three > one);

  W.value().set(0, 2);
  CHECK(weights.get(W.value(), Transpose::yes, DType::f32).memory() == across.memory());
  CHECK(weights.get(W.value(), Transpose::no, DType::f32).memory() == along.memory());
  CHECK(times(kX, weights.get(W.value(), Transpose::yes, DType::f32)) == std::array<float, 2>{21, 43});
  CHECK(weights.bytes_in_use() == three);

  weights.clear();
  CHECK(weights.bytes_in_use() == 0);
  CHECK(times(kX, weights.get(W.value(), Transpose::yes, DType::f32)) == std::array<float, 2>{22, 43});
  CHECK(weights.bytes_in_use() == one);
}

TEST_CASE("packed_weights: a weight that is not square has its outer size in its form") {
  const Leaf W({3, 2}, {1, 2, 3, 4, 5, 6}, DType::f64);
  const auto sizes = [&](Transpose transpose) {
    std::size_t asked = 0;
    Arena arena;
    const PackedMatrix packed = pack_weight(W.value(), transpose, DType::f64, [&](std::size_t bytes) {
      asked = bytes;
      return arena.allocate(bytes);
    });
    CHECK(asked == static_cast<std::size_t>(PackedMatrix::bytes(DType::f64, packed.k(), packed.n())));
    return std::array{packed.k(), packed.n()};
  };
  CHECK(sizes(Transpose::yes) == std::array<Index, 2>{2, 3});
  CHECK(sizes(Transpose::no) == std::array<Index, 2>{3, 2});
}

}  // namespace regard
