#include "framework/tensor/elementwise.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::internal_error;
using testing::Leaf;
using testing::values;

TEST_CASE("elementwise: results of the function are set or added") {
  for (const DType type : {DType::f32, DType::f64}) {
    const Leaf a({3}, {1, 2, 3}, type);
    const Leaf b({3}, {10, 20, 30}, type);
    const Tensor out = a.grad();
    elementwise(
        out, false, [](auto x, auto y) { return x + y; }, a.value(), b.value());
    CHECK(values(out) == std::vector<double>{11, 22, 33});
    elementwise(
        out, true, [](auto x) { return 2 * x; }, a.value());
    CHECK(values(out) == std::vector<double>{13, 26, 39});
    elementwise(out, false, [] { return 7; });
    CHECK(values(out) == std::vector<double>{7, 7, 7});
  }
}

TEST_CASE("elementwise: all threads together visit every element once") {
  const int before = threads();
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    const Leaf x(DType::f32, {3 * kElementwiseGrain + 5}, 1, 1, 1);
    elementwise(
        x.value(), true, [](auto v) { return v; }, x.value());
    const std::vector<double> all = values(x.value());
    CHECK(std::count(all.begin(), all.end(), 2) == x.value().size());
  }
  set_threads(before);
}

TEST_CASE("elementwise: sizes and types that differ are refused") {
  const Leaf a({3}, {1, 2, 3});
  const Leaf shorter({2}, {1, 2});
  const Leaf single({3}, {1, 2, 3}, DType::f32);
  const auto apply = [](const Tensor& x) {
    elementwise(
        x, false, [](auto v) { return v; }, Leaf({3}, {1, 2, 3}).value());
  };
  CHECK_NOTHROW(apply(a.grad()));
  CHECK(internal_error([&] { apply(shorter.value()); }) == "elementwise: sizes or types differ");
  CHECK(internal_error([&] { apply(single.value()); }) == "elementwise: sizes or types differ");
}

TEST_CASE("for_rows: every row is visited once for any cost") {
  for (const Index cost : {Index{0}, Index{1}, Index{100}, 10 * kElementwiseGrain}) {
    std::vector<int> visits(1000, 0);
    for_rows(DType::f32, 1000, cost, [&](auto, Index row) { ++visits[static_cast<std::size_t>(row)]; });
    CHECK(visits == std::vector<int>(1000, 1));
  }
}

}  // namespace regard
