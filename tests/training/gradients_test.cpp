#include "framework/training/gradients.h"

#include <cmath>
#include <limits>

#include "tests/support/catch.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

}  // namespace

TEST_CASE("gradients: blocks cover every element once in order") {
  nn::ParamStore store(DType::f32, 1);
  add_large(store);
  std::size_t index = 0;
  Index next = 0;
  for (const Block& block : blocks_of(store)) {
    if (block.index != index) {
      CHECK(next == store.all()[index].value().size());
      CHECK(block.index == index + 1);
      index = block.index;
      next = 0;
    }
    CHECK(block.param == &store.all()[index]);
    CHECK(block.begin == next);
    CHECK(block.count > 0);
    CHECK(block.count <= kBlock);
    next += block.count;
  }
  CHECK(index == 2);
  CHECK(next == 16384);
}

TEST_CASE("gradients: the norm of 3 and 4 over two parameters is 5") {
  nn::ParamStore store(DType::f32, 1);
  store.add("a", {2}, nn::ones).grad().set(1, 3);
  store.add("b", {1, 1}, nn::ones).grad().set(0, -4);
  CHECK(GradientNorm(store)() == 5);
}

TEST_CASE("gradients: the norm equals that of a sum in long double") {
  for (const DType type : {DType::f32, DType::f64}) {
    nn::ParamStore store(type, 1);
    add_large(store);
    random_gradients(store, 1);
    long double squares = 0;
    for (const nn::Param& param : store.all()) {
      for (const double g : numbers(param.grad())) squares += static_cast<long double>(g) * g;
    }
    const auto expected = static_cast<double>(std::sqrt(squares));
    CHECK(GradientNorm(store)() == Approx(expected).epsilon(1e-13));
  }
}

TEST_CASE("gradients: the norm has the same bits for any number of threads") {
  nn::ParamStore store(DType::f32, 1);
  add_large(store);
  random_gradients(store, 1);
  GradientNorm norm(store);
  const double expected = norm();
  for (const int count : {1, 2, 3, 4}) {
    const Threads threads(count);
    CHECK(norm() == expected);
  }
}

TEST_CASE("gradients: the norm of the largest floats is finite and that of an infinity is not") {
  nn::ParamStore store(DType::f32, 1);
  const nn::Param& a = store.add("a", {2}, nn::ones);
  set_all(a.grad(), {3e38, 3e38});
  GradientNorm norm(store);
  CHECK(norm() == Approx(std::sqrt(2.0) * 3e38).epsilon(1e-6));
  a.grad().set(1, std::numeric_limits<double>::infinity());
  CHECK_FALSE(std::isfinite(norm()));
}

TEST_CASE("gradients: clipping reduces a larger norm to the limit and changes no other") {
  CHECK(clip_scale(10, 5) == 0.5);
  CHECK(clip_scale(5, 5) == 1);
  CHECK(clip_scale(1, 5) == 1);
  CHECK(clip_scale(1e30, 0) == 1);
  CHECK(clip_scale(0, 5) == 1);
}

TEST_CASE("gradients: the first parameter that is not finite is named with its shape") {
  nn::ParamStore store(DType::f32, 1);
  store.add("a", {2}, nn::ones);
  const nn::Param& b = store.add("x/b", {2, 3}, nn::ones);
  CHECK(first_non_finite_gradient(store).empty());
  CHECK(first_non_finite_value(store).empty());
  b.grad().set(5, std::nan(""));
  CHECK(first_non_finite_gradient(store) == "'x/b' [2, 3]");
  b.value().set(0, -std::numeric_limits<double>::infinity());
  CHECK(first_non_finite_value(store) == "'x/b' [2, 3]");
}

}  // namespace regard::training
