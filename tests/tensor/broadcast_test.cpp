#include "framework/tensor/broadcast.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::Leaf;
using testing::values;

// Returns the element of `shape` for element `flat` of `common`, by the definition: index 0 on repeated axes.
Index element(const Shape& shape, const Shape& common, Index flat) {
  Index at = 0;
  Index step = 1;
  for (int from_right = 0; from_right < common.rank(); ++from_right) {
    const Index place = flat % common[common.rank() - 1 - from_right];
    flat /= common[common.rank() - 1 - from_right];
    if (from_right >= shape.rank()) continue;
    const Index dim = shape[shape.rank() - 1 - from_right];
    at += (dim == 1 ? 0 : place) * step;
    step *= dim;
  }
  return at;
}

struct Case {
  Shape a, b, common;
};
const std::vector<Case> kCases{
    {{}, {}, {}},
    {{3}, {}, {3}},
    {{2, 3}, {3}, {2, 3}},
    {{2, 3}, {2, 1}, {2, 3}},
    {{2, 1}, {1, 3}, {2, 3}},
    {{4, 2, 3}, {2, 1}, {4, 2, 3}},
    {{4, 2, 3}, {4, 1, 3}, {4, 2, 3}},
    {{4, 2, 3}, {4, 1, 1}, {4, 2, 3}},
    {{4, 2, 3}, {4, 2, 1}, {4, 2, 3}},
    {{5, 1, 2, 1}, {4, 1, 3}, {5, 4, 2, 3}},
    {{1, 1}, {2, 0}, {2, 0}},
    // Large enough for several threads.
    {{70, 5, 300}, {300}, {70, 5, 300}},
    {{70, 5, 300}, {70, 5, 1}, {70, 5, 300}},
    {{70, 5, 300}, {70, 1, 300}, {70, 5, 300}},
    {{70, 5, 300}, {5, 1}, {70, 5, 300}},
};

}  // namespace

TEST_CASE("broadcast: two shapes have the right common shape") {
  for (const auto& [a, b, common] : kCases) {
    Shape found;
    CHECK(broadcast(a, b, found));
    CHECK(found == common);
    CHECK(broadcast(b, a, found));
    CHECK(found == common);
  }
  Shape unused;
  CHECK_FALSE(broadcast({2, 3}, {2}, unused));
  CHECK_FALSE(broadcast({2, 3}, {3, 3}, unused));
  CHECK_FALSE(broadcast({0}, {3}, unused));
}

TEST_CASE("broadcast: maps equal the definition for each element") {
  const auto f = [](auto x, auto z) { return 10 * x - z; };
  for (const auto& [a_shape, b_shape, common] : kCases) {
    INFO(a_shape.text() << b_shape.text());
    const Leaf a(DType::f64, a_shape, 1);
    const Leaf b(DType::f64, b_shape, 2);
    const Leaf y(DType::f64, common, 3);
    std::vector<double> forward;
    std::vector<double> swapped;
    for (Index i = 0; i < common.size(); ++i) {
      const double x = a.value().at(element(a_shape, common, i));
      const double z = b.value().at(element(b_shape, common, i));
      forward.push_back(f(x, z));
      swapped.push_back(f(z, x));
    }
    broadcast_map(y.value(), f, a.value(), b.value());
    CHECK(differs(y.value(), forward) == "");
    broadcast_map(y.value(), f, b.value(), a.value());
    CHECK(differs(y.value(), swapped) == "");
  }
}

TEST_CASE("broadcast: reductions equal the definition and do not depend on the threads") {
  const auto f = [](auto g, auto x, auto z) { return g * (2 * x + z); };
  const int before = threads();
  for (const auto& [a_shape, b_shape, common] : kCases) {
    INFO(a_shape.text() << b_shape.text());
    const Leaf a(DType::f64, a_shape, 1);
    const Leaf b(DType::f64, b_shape, 2);
    const Leaf dy(DType::f64, common, 3);
    std::vector<double> da(static_cast<std::size_t>(a_shape.size()), 0);
    std::vector<double> db(static_cast<std::size_t>(b_shape.size()), 0);
    for (Index i = 0; i < common.size(); ++i) {
      const Index at_a = element(a_shape, common, i);
      const Index at_b = element(b_shape, common, i);
      const double g = f(dy.value().at(i), a.value().at(at_a), b.value().at(at_b));
      da[static_cast<std::size_t>(at_a)] += g;
      db[static_cast<std::size_t>(at_b)] += g;
    }
    for (const bool accumulate : {false, true}) {
      std::vector<double> by_one_thread;
      for (const int count : {1, 3}) {
        set_threads(count);
        for (Index i = 0; i < a_shape.size(); ++i) a.grad().set(i, accumulate ? 1 : 1e9);
        for (Index i = 0; i < b_shape.size(); ++i) b.grad().set(i, accumulate ? 1 : 1e9);
        broadcast_reduce(a.grad(), accumulate, f, dy.value(), a.value(), b.value(), 0);
        broadcast_reduce(b.grad(), accumulate, f, dy.value(), a.value(), b.value(), 1);
        std::vector<double> wanted_a = da;
        std::vector<double> wanted_b = db;
        for (double& v : wanted_a) v += accumulate;
        for (double& v : wanted_b) v += accumulate;
        CHECK(differs(a.grad(), wanted_a) == "");
        CHECK(differs(b.grad(), wanted_b) == "");
        std::vector<double> both = values(a.grad());
        for (const double v : values(b.grad())) both.push_back(v);
        if (count == 1) by_one_thread = both;
        CHECK(both == by_one_thread);
      }
    }
  }
  set_threads(before);
}

}  // namespace regard
