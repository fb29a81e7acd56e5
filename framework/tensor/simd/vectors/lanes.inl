#pragma once
// Sums over 64 bytes of lanes (sixteen floats, eight doubles), whatever a vector holds: lane l sums elements l, l +
// kCount, …, and the lanes are added in one tree. So sums have the same bytes in every instruction set that has
// fused multiply-add.
#include "framework/base/base.h"

namespace regard::simd {
namespace {

template <class V>
struct Lanes {
  using Vector = typename V::Vector;
  static constexpr Index kCount = 64 / static_cast<Index>(sizeof(typename V::Scalar));
  static constexpr int kParts = static_cast<int>(kCount) / V::kLanes;  // vectors

  // Returns how many of the last `rest` elements, fewer than kCount, are in the lanes of vector `part`.
  static Index rest_of(Index rest, int part) {
    const Index left = rest - part * V::kLanes;
    if (part > 0 && left < 0) return 0;
    return part + 1 < kParts && left > V::kLanes ? V::kLanes : left;
  }

  // Adds the lanes: halves, quarters, … of all lanes, down to one.
  static typename V::Scalar sum(const Vector (&lanes)[kParts]) {
    if constexpr (kParts == 1) return V::sum(lanes[0]);
    if constexpr (kParts == 2) return V::sum(lanes[0] + lanes[1]);
    if constexpr (kParts == 4) return V::sum((lanes[0] + lanes[2]) + (lanes[1] + lanes[3]));
  }
  static_assert(kParts == 1 || kParts == 2 || kParts == 4);
};

}  // namespace
}  // namespace regard::simd
