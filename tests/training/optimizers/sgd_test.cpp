#include "tests/support/catch.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

OptimizerPtr make(const nn::ParamStore& store, const config::Options& options = {}) {
  return optimizers().at("sgd").make(store, options);
}

}  // namespace

TEST_CASE("sgd: a step is the learning rate times the scaled gradient") {
  nn::ParamStore store(DType::f64, 1);
  const nn::Param& w = store.add("w", {2}, nn::ones);
  set_all(w.grad(), {4, -2});
  const OptimizerPtr sgd = make(store);
  sgd->step({.number = 1, .learning_rate = 0.25, .gradient_scale = 0.5});
  CHECK(numbers(w.value()) == std::vector<double>{0.5, 1.25});
  CHECK(sgd->state().empty());
}

TEST_CASE("sgd: the same bytes for any number of threads") {
  std::string expected;
  for (const int count : {1, 2, 3, 4}) {
    const Threads threads(count);
    nn::ParamStore store(DType::f32, 1);
    add_large(store);
    random_gradients(store, 1);
    make(store)->step({.number = 1, .learning_rate = 0.01});
    const std::string bytes = bytes_of(store);
    if (expected.empty()) expected = bytes;
    CHECK((bytes == expected));
  }
}

}  // namespace regard::training
