#include "framework/tensor/kernels.h"

#include <cmath>
#include <limits>

#include "framework/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::internal_error;
using testing::Leaf;
using testing::values;

// Sizes around the grain sizes: one element, odd tails, several threads.
const std::vector<Shape> kShapes{{1}, {7}, {3, 5}, {2, 3, 4}, {0, 4}, {130, 517}};

template <class Body>
void with_threads(int count, Body body) {
  const int before = threads();
  set_threads(count);
  body();
  set_threads(before);
}

}  // namespace

TEST_CASE("kernels: fill and copy and accumulate and scale equal the definition") {
  for (const DType type : {DType::f32, DType::f64}) {
    for (const Shape& shape : kShapes) {
      const Leaf x(type, shape, 1);
      const Leaf y(type, shape, 2);
      std::vector<double> doubled = values(x.value());
      std::vector<double> with_y = values(y.value());
      for (std::size_t i = 0; i < doubled.size(); ++i) {
        doubled[i] *= 2;
        with_y[i] += 3 * doubled[i];
      }
      kernels::copy(x.value(), x.grad());
      CHECK(values(x.grad()) == values(x.value()));
      kernels::accumulate(x.value(), x.grad());
      CHECK(values(x.grad()) == doubled);
      kernels::scale(x.grad(), 3, y.value(), true);
      CHECK(differs(y.value(), with_y, 1e-6) == "");
      kernels::scale(x.value(), 2, y.value(), false);
      CHECK(values(y.value()) == doubled);
      kernels::fill_zero(x.grad());
      CHECK(values(x.grad()) == std::vector<double>(doubled.size(), 0));
    }
  }
}

TEST_CASE("kernels: rows are filled and summed") {
  for (const DType type : {DType::f32, DType::f64}) {
    for (const Shape& shape : kShapes) {
      const Leaf row(type, {shape.cols()}, 1);
      const Leaf x(type, shape, 2);
      std::vector<double> sums(static_cast<std::size_t>(shape.cols()), 0);
      for (Index i = 0; i < shape.size(); ++i) sums[static_cast<std::size_t>(i % shape.cols())] += x.value().at(i);
      kernels::sum_rows(x.value(), row.grad(), false);
      CHECK(differs(row.grad(), sums, 1e-4) == "");
      kernels::sum_rows(x.value(), row.grad(), true);
      for (double& sum : sums) sum *= 2;
      CHECK(differs(row.grad(), sums, 1e-4) == "");
      kernels::fill_rows(row.value(), x.value());
      for (Index i = 0; i < shape.size(); ++i) {
        if (x.value().at(i) != row.value().at(i % shape.cols())) FAIL("row not filled at " << i);
      }
    }
  }
}

TEST_CASE("kernels: sums have the same bytes for any number of threads") {
  for (const DType type : {DType::f32, DType::f64}) {
    const Leaf x(type, {211, 1009}, 1);
    const Leaf y(type, {211, 1009}, 2);
    double sum = 0;
    double dot = 0;
    std::vector<double> rows;
    with_threads(1, [&] {
      sum = kernels::sum(x.value());
      dot = kernels::dot(x.value(), y.value());
      const Leaf row(type, {1009}, 3);
      kernels::sum_rows(x.value(), row.grad(), false);
      rows = values(row.grad());
    });
    double naive = 0;
    double naive_dot = 0;
    for (Index i = 0; i < x.value().size(); ++i) {
      naive += x.value().at(i);
      naive_dot += x.value().at(i) * y.value().at(i);
    }
    CHECK(sum == Approx(naive).epsilon(1e-11));
    CHECK(dot == Approx(naive_dot).epsilon(1e-11));
    for (const int count : {2, 3, 4}) {
      with_threads(count, [&] {
        CHECK(kernels::sum(x.value()) == sum);
        CHECK(kernels::dot(x.value(), y.value()) == dot);
        const Leaf row(type, {1009}, 3);
        kernels::sum_rows(x.value(), row.grad(), false);
        CHECK(values(row.grad()) == rows);
      });
    }
  }
}

TEST_CASE("kernels: sums of no numbers and of more than the fixed number of blocks are right") {
  const Leaf none(DType::f32, {0, 3}, 1);
  CHECK(kernels::sum(none.value()) == 0);
  CHECK(kernels::dot(none.value(), none.value()) == 0);
  std::vector<float> many(8192 * 1024 + 5, 1);
  const Tensor x(many.data(), DType::f32, {static_cast<Index>(many.size())});
  CHECK(kernels::sum(x) == static_cast<double>(many.size()));
  CHECK(internal_error([&] { (void)kernels::dot(x, none.value()); }) == "dot: sizes differ");
}

TEST_CASE("kernels: all_finite finds one bad element anywhere") {
  for (const DType type : {DType::f32, DType::f64}) {
    const Leaf x(type, {3, 41}, 1);
    CHECK(kernels::all_finite(x.value()));
    for (const Index at : {0, 60, 122}) {
      for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()}) {
        const double kept = x.value().at(at);
        x.value().set(at, bad);
        CHECK_FALSE(kernels::all_finite(x.value()));
        x.value().set(at, kept);
      }
    }
  }
}

TEST_CASE("kernels: rows are gathered and scattered in order") {
  for (const DType type : {DType::f32, DType::f64}) {
    const Leaf from({3, 2}, {1, 2, 3, 4, 5, 6}, type);
    const Leaf to({4, 2}, {0, 0, 0, 0, 0, 0, 0, 0}, type);
    kernels::gather_rows(from.value(), std::vector<Index>{2, -1, 0, 2}, to.value());
    CHECK(values(to.value()) == std::vector<double>{5, 6, 0, 0, 1, 2, 5, 6});
    kernels::scatter_add_rows(from.value(), std::vector<Index>{3, -1, 3}, to.value());
    CHECK(values(to.value()) == std::vector<double>{5, 6, 0, 0, 1, 2, 11, 14});
    kernels::scatter_rows(from.value(), std::vector<Index>{1, 3, 0}, to.value());
    CHECK(values(to.value()) == std::vector<double>{5, 6, 1, 2, 1, 2, 3, 4});
  }
}

TEST_CASE("kernels: large gathers and scatters equal the definition for any number of threads") {
  constexpr Index kRows = 3000;
  constexpr Index kCols = 130;
  const Leaf from(DType::f32, {kRows, kCols}, 1);
  std::vector<Index> repeated;
  std::vector<Index> once;
  for (Index i = 0; i < kRows; ++i) {
    repeated.push_back(i % 11 == 0 ? -1 : i * i % 50);
    once.push_back(kRows - 1 - i);
  }
  std::vector<double> gathered;
  std::vector<float> added(50 * kCols, 0);
  std::vector<double> turned(kRows * kCols);
  for (Index i = 0; i < kRows; ++i) {
    const Index row = repeated[static_cast<std::size_t>(i)];
    for (Index col = 0; col < kCols; ++col) {
      const double x = from.value().at(i * kCols + col);
      gathered.push_back(row < 0 ? 0 : from.value().at(row * kCols + col));
      if (row >= 0) added[static_cast<std::size_t>(row * kCols + col)] += static_cast<float>(x);
      turned[static_cast<std::size_t>((kRows - 1 - i) * kCols + col)] = x;
    }
  }
  for (const int count : {1, 3}) {
    with_threads(count, [&] {
      const Leaf to(DType::f32, {kRows, kCols}, 2);
      const Leaf few(DType::f32, {50, kCols}, 3, 0, 0);
      kernels::gather_rows(from.value(), repeated, to.value());
      CHECK(values(to.value()) == gathered);
      kernels::scatter_rows(from.value(), once, to.value());
      CHECK(values(to.value()) == turned);
      kernels::scatter_add_rows(from.value(), repeated, few.value());
      CHECK(values(few.value()) == std::vector<double>(added.begin(), added.end()));
    });
  }
}

}  // namespace regard
