#include "framework/tensor/broadcast.h"

namespace regard {
namespace {

// Returns the length of the axis `from_right` places from the right; 1 if there is none.
Index dim(const Shape& shape, int from_right) {
  return from_right < shape.rank() ? shape[shape.rank() - 1 - from_right] : 1;
}

}  // namespace

bool broadcast(const Shape& a, const Shape& b, Shape& common) {
  common = Shape();
  for (int at = std::max(a.rank(), b.rank()); at-- > 0;) {
    const Index x = dim(a, at);
    const Index z = dim(b, at);
    if (x != z && x != 1 && z != 1) return false;
    common.push_back(x == 1 ? z : x);
  }
  return true;
}

namespace detail {

Steps steps_of(const Shape& shape, const Shape& common) {
  Steps steps{};
  Index step = 1;
  for (int from_right = 0; from_right < Shape::kMaxRank; ++from_right) {
    const int axis = Shape::kMaxRank - 1 - from_right;
    steps.dims[axis] = dim(common, from_right);
    steps.steps[axis] = dim(shape, from_right) == 1 ? 0 : step;
    step *= dim(shape, from_right);
  }
  return steps;
}

}  // namespace detail
}  // namespace regard
