#include "framework/autodiff/rectangle.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::differs;
using testing::Leaf;

TEST_CASE("rectangle: only the elements inside are copied or added") {
  for (const DType type : {DType::f32, DType::f64}) {
    const Leaf from({2, 3}, {1, 2, 3, 4, 5, 6}, type);
    const Leaf to({2, 4}, {10, 20, 30, 40, 50, 60, 70, 80}, type);
    copy_rectangle(from.value(), {3, 1}, to.value(), {4, 2}, 2, 2, false);
    CHECK(differs(to.value(), {10, 20, 2, 3, 50, 60, 5, 6}) == "");
    copy_rectangle(from.value(), {3, 0}, to.value(), {4, 1}, 2, 2, true);
    CHECK(differs(to.value(), {10, 21, 4, 3, 50, 64, 10, 6}) == "");
    copy_rectangle(from.value(), {3, 0}, to.value(), {4, 0}, 1, 1, false);
    CHECK(differs(to.value(), {1, 21, 4, 3, 50, 64, 10, 6}) == "");
    copy_rectangle(from.value(), {3, 0}, to.value(), {4, 0}, 0, 3, false);
    copy_rectangle(from.value(), {3, 0}, to.value(), {4, 0}, 2, 0, false);
    CHECK(differs(to.value(), {1, 21, 4, 3, 50, 64, 10, 6}) == "");
  }
}

TEST_CASE("rectangle: neither matrix needs rows of the other's width") {
  const Leaf from({1, 6}, {1, 2, 3, 4, 5, 6});
  const Leaf to({3, 1}, {0, 0, 0});
  copy_rectangle(from.value(), {2, 1}, to.value(), {1, 0}, 3, 1, false);  // a column of [3, 2]
  CHECK(differs(to.value(), {2, 4, 6}) == "");
}

}  // namespace regard
