#include "tests/support/catch.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

OptimizerPtr make(const nn::ParamStore& store, double momentum = 0, double decay = 0) {
  config::Options options;
  options.put("momentum", {momentum});
  options.put("weight_decay", {decay});
  return make_optimizer({.name = "sgd", .options = options}, store);
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

TEST_CASE("sgd: three steps with momentum equal those computed by hand") {
  nn::ParamStore store(DType::f64, 1);
  const nn::Param& w = store.add("w", {1}, nn::ones);
  const OptimizerPtr sgd = make(store, 0.9);
  REQUIRE(sgd->state().size() == 1);
  CHECK(sgd->state()[0].name == "moments/w/u");
  const double gradients[] = {1, -0.5, 0.25};
  const double expected[] = {0.95, 0.93, 0.8995};
  for (Index t = 0; t < 3; ++t) {
    w.grad().set(0, gradients[t]);
    sgd->step({.number = t + 1, .learning_rate = 0.1, .gradient_scale = 0.5});
    CHECK(w.value().at(0) == Approx(expected[t]).epsilon(1e-14));
  }
}

TEST_CASE("sgd: weight decay adds a share of the parameter to the scaled gradient") {
  for (const double momentum : {0.0, 0.9}) {
    nn::ParamStore store(DType::f64, 1);
    const nn::Param& w = store.add("w", {1}, nn::ones);
    const OptimizerPtr sgd = make(store, momentum, 0.5);
    w.grad().set(0, 4);
    sgd->step({.number = 1, .learning_rate = 0.1, .gradient_scale = 0.5});
    CHECK(w.value().at(0) == Approx(1 - 0.1 * (2 + 0.5)).epsilon(1e-14));
  }
}

TEST_CASE("sgd: results have the same bytes for any number of threads") {
  for (const double momentum : {0.0, 0.9}) {
    std::string expected;
    for (const int count : {1, 2, 3, 4}) {
      const Threads threads(count);
      nn::ParamStore store(DType::f32, 1);
      add_large(store);
      random_gradients(store, 1);
      make(store, momentum)->step({.number = 1, .learning_rate = 0.01});
      const std::string bytes = bytes_of(store);
      if (expected.empty()) expected = bytes;
      CHECK((bytes == expected));
    }
  }
}

}  // namespace regard::training
