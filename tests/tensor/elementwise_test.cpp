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
    const Leaf x(DType::f32, {1000, 2}, 1, 1, 1);
    for_rows({x.value()}, cost, [&]<class T>(Index row, T*) { ++visits[static_cast<std::size_t>(row)]; });
    CHECK(visits == std::vector<int>(1000, 1));
  }
}

TEST_CASE("for_rows: the body gets one row of each tensor as its element type") {
  for (const DType type : {DType::f32, DType::f64}) {
    const Leaf wide({2, 3}, {1, 2, 3, 4, 5, 6}, type);
    const Leaf narrow({2, 1}, {0, 0}, type);
    for_rows({narrow.value(), wide.value()}, 3, [=]<class T>(Index row, T* out, const T* in) {
      static_assert(std::is_floating_point_v<T>);
      *out = dtype_of<T> == type ? in[0] + in[1] + in[2] + static_cast<T>(100 * row) : T{-1};
    });
    CHECK(values(narrow.value()) == std::vector<double>{6, 115});
  }
}

TEST_CASE("for_rows: a view may start inside of a row and a whole tensor is the same for each") {
  for (const DType type : {DType::f32, DType::f64}) {
    const Leaf out({2, 2}, {0, 0, 0, 0}, type);
    const Leaf in({2, 3}, {1, 2, 3, 4, 5, 6}, type);
    const Leaf shared({3}, {10, 20, 30}, type);
    for_rows({out.value(), RowView(in.value(), 2, 3, 1), whole(shared.value())}, 2,
             []<class T>(Index, T* y, const T* x, const T* z) {
               for (Index i = 0; i < 2; ++i) y[i] = x[i] + z[i];
             });
    CHECK(values(out.value()) == std::vector<double>{12, 23, 15, 26});
  }
}

TEST_CASE("for_rows: element types or numbers of rows that differ are refused") {
  const Leaf out({2, 2}, {0, 0, 0, 0});
  const Leaf fewer({1, 2}, {1, 2});
  const Leaf single({2, 2}, {1, 2, 3, 4}, DType::f32);
  const auto apply = [&](const RowView& x) {
    for_rows({out.value(), x}, 2, []<class T>(Index, T* y, const T* z) { *y = *z; });
  };
  CHECK_NOTHROW(apply(out.value()));
  CHECK_NOTHROW(apply(whole(fewer.value())));
  CHECK(internal_error([&] { apply(fewer.value()); }) == "for_rows: numbers of rows differ");
  CHECK(internal_error([&] { apply(single.value()); }) == "for_rows: element types differ");
}

}  // namespace regard
