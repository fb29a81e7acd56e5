#include "framework/tensor/kernels_loss.h"

#include <cmath>

#include "framework/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::Leaf;
using testing::values;

// Returns exp(x - log sum exp x) in double, by the definition.
std::vector<double> softmax_of(const Tensor& x, Index row) {
  const Index V = x.cols();
  double total = 0;
  for (Index i = 0; i < V; ++i) total += std::exp(x.at(row * V + i));
  std::vector<double> all;
  for (Index i = 0; i < V; ++i) all.push_back(std::exp(x.at(row * V + i)) / total);
  return all;
}

}  // namespace

TEST_CASE("kernels_loss: losses and gradients equal the definition") {
  const std::vector<Index> targets{4, -1, 0};
  for (const DType type : {DType::f32, DType::f64}) {
    for (const double e : {0.0, 0.2}) {
      for (const bool gradient : {false, true}) {
        const Leaf x(type, {3, 5}, 1);
        std::vector<double> losses;
        std::vector<double> grads;
        for (Index row = 0; row < 3; ++row) {
          const std::vector<double> p = softmax_of(x.value(), row);
          const Index target = targets[static_cast<std::size_t>(row)];
          double loss = 0;
          for (Index i = 0; i < 5; ++i) {
            const double wanted = (i == target ? 1 - e : 0) + e / 5;
            loss -= wanted * std::log(p[static_cast<std::size_t>(i)]);
            grads.push_back(target < 0 ? 0 : p[static_cast<std::size_t>(i)] - wanted);
          }
          losses.push_back(target < 0 ? 0 : loss);
        }
        const double tolerance = type == DType::f32 ? 1e-6 : 1e-14;
        const std::vector<double> before = values(x.value());
        std::vector<double> found(3, -1);
        kernels::softmax_cross_entropy(x.value(), targets, e, found.data(), gradient);
        CHECK(differs(Tensor(found.data(), DType::f64, {3}), losses, tolerance) == "");
        CHECK(differs(x.value(), gradient ? grads : before, tolerance) == "");
      }
    }
  }
}

TEST_CASE("kernels_loss: log_softmax equals the definition even in place") {
  const Leaf x(DType::f64, {3, 7}, 1);
  std::vector<double> expected;
  for (Index row = 0; row < 3; ++row) {
    for (const double p : softmax_of(x.value(), row)) expected.push_back(std::log(p));
  }
  kernels::log_softmax(x.value(), x.grad());
  CHECK(differs(x.grad(), expected) == "");
  kernels::log_softmax(x.value(), x.value());
  CHECK(values(x.value()) == values(x.grad()));
}

TEST_CASE("kernels_loss: log_softmax of +-300 is finite") {
  const Leaf x({1, 2}, {300, -300}, DType::f32);
  kernels::log_softmax(x.value(), x.value());
  CHECK(values(x.value()) == std::vector<double>{0, -600});
}

TEST_CASE("kernels_loss: results have the same bytes for any number of threads") {
  std::vector<Index> targets;
  for (Index row = 0; row < 200; ++row) targets.push_back(row % 5 - 1);
  std::vector<double> expected;
  std::vector<double> expected_grad;
  const int before = threads();
  for (const int count : {1, 2, 3}) {
    set_threads(count);
    const Leaf x(DType::f32, {200, 333}, 1);
    std::vector<double> losses(200);
    kernels::softmax_cross_entropy(x.value(), targets, 0.1, losses.data(), true);
    if (count == 1) {
      expected = losses;
      expected_grad = values(x.value());
    }
    CHECK(losses == expected);
    CHECK(values(x.value()) == expected_grad);
  }
  set_threads(before);
}

}  // namespace regard
