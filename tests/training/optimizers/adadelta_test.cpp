#include <cmath>

#include "tests/support/catch.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

OptimizerPtr make(const nn::ParamStore& store) { return make_optimizer({.name = "adadelta"}, store); }

}  // namespace

TEST_CASE("adadelta: three steps follow the published algorithm") {
  nn::ParamStore store(DType::f64, 1);
  const nn::Param& w = store.add("w", {1}, nn::ones);
  const OptimizerPtr adadelta = make(store);
  REQUIRE(adadelta->state().size() == 2);
  CHECK(adadelta->state()[0].name == "moments/w/v");
  CHECK(adadelta->state()[1].name == "moments/w/u");
  double theta = 1, v = 0, u = 0;
  const double gradients[] = {1, -0.5, 0.25};
  for (Index t = 0; t < 3; ++t) {
    w.grad().set(0, gradients[t]);
    adadelta->step({.number = t + 1, .learning_rate = 0.7, .gradient_scale = 0.5});
    const double g = 0.5 * gradients[t];
    v = 0.95 * v + 0.05 * g * g;
    const double d = std::sqrt(u + 1e-6) / std::sqrt(v + 1e-6) * g;
    u = 0.95 * u + 0.05 * d * d;
    theta -= 0.7 * d;
    CHECK(w.value().at(0) == Approx(theta).epsilon(1e-14));
  }
  // The first step by hand is sqrt(1e-6) / sqrt(0.05 * 0.25 + 1e-6) * 0.5 = 0.0044719570, here times 0.7.
  nn::ParamStore other(DType::f64, 1);
  const nn::Param& x = other.add("x", {1}, nn::zeros);
  x.grad().set(0, 1);
  make(other)->step({.number = 1, .learning_rate = 0.7, .gradient_scale = 0.5});
  CHECK(x.value().at(0) == Approx(-0.7 * 0.0044719570).epsilon(1e-7));
}

TEST_CASE("adadelta: results have the same bytes for any number of threads") {
  std::string expected;
  for (const int count : {1, 2, 3}) {
    const Threads threads(count);
    nn::ParamStore store(DType::f32, 1);
    add_large(store);
    const OptimizerPtr adadelta = make(store);
    for (Index t = 1; t <= 3; ++t) {
      random_gradients(store, t);
      adadelta->step({.number = t, .learning_rate = 1});
    }
    const std::string bytes = bytes_of(store);
    if (expected.empty()) expected = bytes;
    CHECK((bytes == expected));
  }
}

}  // namespace regard::training
