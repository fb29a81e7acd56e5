#include <cmath>

#include "tests/support/catch.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

OptimizerPtr make(const nn::ParamStore& store) { return make_optimizer({.name = "adam"}, store); }

// Algorithm 1 of Kingma and Ba 2015, line by line, in double.
struct Reference {
  std::vector<double> theta, m, v;

  explicit Reference(std::vector<double> start) : theta(std::move(start)), m(theta.size()), v(theta.size()) {}
  void step(const std::vector<double>& g, Index t, double rate, double scale) {
    for (std::size_t i = 0; i < theta.size(); ++i) {
      const double gradient = scale * g[i];
      m[i] = 0.9 * m[i] + 0.1 * gradient;
      v[i] = 0.999 * v[i] + 0.001 * gradient * gradient;
      const double m_hat = m[i] / (1 - std::pow(0.9, static_cast<double>(t)));
      const double v_hat = v[i] / (1 - std::pow(0.999, static_cast<double>(t)));
      theta[i] -= rate * m_hat / (std::sqrt(v_hat) + 1e-8);
    }
  }
};

}  // namespace

TEST_CASE("adam: three steps equal those computed by hand") {
  nn::ParamStore store(DType::f64, 1);
  const nn::Param& w = store.add("w", {1}, nn::ones);
  const OptimizerPtr adam = make(store);
  const double gradients[] = {0.5, -0.25, 0.125};
  const double expected[] = {0.900000002, 0.8733662987078462, 0.839323384916654};
  for (Index t = 0; t < 3; ++t) {
    w.grad().set(0, gradients[t]);
    adam->step({.number = t + 1, .learning_rate = 0.1});
    CHECK(w.value().at(0) == Approx(expected[t]).epsilon(1e-14));
  }
}

TEST_CASE("adam: adamw subtracts a share of the parameter besides the step of adam") {
  nn::ParamStore store(DType::f64, 1);
  const nn::Param& w = store.add("w", {1}, nn::ones);
  const OptimizerPtr adamw = make_optimizer({.name = "adamw"}, store);
  const double gradients[] = {0.5, -0.25, 0.125};
  // Adam's first three steps (the case above), each with 0.1 * 0.01 of the parameter before it.
  const double steps[] = {1 - 0.900000002, 0.900000002 - 0.8733662987078462,
                          0.8733662987078462 - 0.839323384916654};
  double expected = 1;
  for (Index t = 0; t < 3; ++t) {
    w.grad().set(0, gradients[t]);
    adamw->step({.number = t + 1, .learning_rate = 0.1});
    expected = expected * (1 - 0.1 * 0.01) - steps[t];
    CHECK(w.value().at(0) == Approx(expected).epsilon(1e-13));
  }
}

TEST_CASE("adam: epsilon is added to the root of the corrected second moment") {
  // With g = 1e-8 the first step is lr g / (|g| + epsilon) = lr / 2; with epsilon elsewhere it would be far from
  // that.
  nn::ParamStore store(DType::f64, 1);
  const nn::Param& w = store.add("w", {1}, nn::zeros);
  w.grad().set(0, 1e-8);
  make(store)->step({.number = 1, .learning_rate = 0.1});
  CHECK(w.value().at(0) == Approx(-0.05).epsilon(1e-9));
}

TEST_CASE("adam: many steps follow the published algorithm in f64 and in f32") {
  for (const DType type : {DType::f64, DType::f32}) {
    nn::ParamStore store(type, 1);
    add_large(store);
    const OptimizerPtr adam = make(store);
    std::vector<Reference> references;
    for (const nn::Param& param : store.all()) references.emplace_back(numbers(param.value()));
    for (Index t = 1; t <= 20; ++t) {
      random_gradients(store, t);
      for (std::size_t i = 0; i < references.size(); ++i) {
        references[i].step(numbers(store.all()[i].grad()), t, 0.01, 0.5);
      }
      adam->step({.number = t, .learning_rate = 0.01, .gradient_scale = 0.5});
    }
    const double allowed =
        type == DType::f64 ? 1e-14 : 20 * 0.01 * 1e-5;  // relative to steps of at most lr, in single precision
    for (std::size_t i = 0; i < references.size(); ++i) {
      const auto values = numbers(store.all()[i].value());
      double most = 0;
      for (std::size_t k = 0; k < values.size(); ++k)
        most = std::max(most, std::abs(values[k] - references[i].theta[k]));
      CHECK(most < allowed);
    }
  }
}

TEST_CASE("adam: results have the same bytes for any number of threads") {
  std::string expected;
  for (const int count : {1, 2, 3, 4}) {
    const Threads threads(count);
    nn::ParamStore store(DType::f32, 1);
    add_large(store);
    const OptimizerPtr adam = make(store);
    for (Index t = 1; t <= 3; ++t) {
      random_gradients(store, t);
      adam->step({.number = t, .learning_rate = 0.01});
    }
    std::string bytes = bytes_of(store);
    for (const auto& moment : adam->state()) bytes += bytes_of(moment.value);
    if (expected.empty()) expected = bytes;
    CHECK((bytes == expected));
  }
}

TEST_CASE("adam: its state has two moments for each parameter and starts at zero") {
  nn::ParamStore store(DType::f32, 1);
  store.add("decoder/W_c/W", {2, 3}, nn::ones);
  store.add("b", {1}, nn::ones);
  const OptimizerPtr adam = make(store);
  const auto state = adam->state();
  REQUIRE(state.size() == 4);
  CHECK(state[0].name == "moments/decoder/W_c/W/m");
  CHECK(state[1].name == "moments/b/m");
  CHECK(state[2].name == "moments/decoder/W_c/W/v");
  CHECK(state[2].value.shape() == Shape{2, 3});
  for (const auto& moment : state) {
    for (const double v : numbers(moment.value)) CHECK(v == 0);
  }
}

TEST_CASE("adam: without gradient and history there is no step") {
  nn::ParamStore store(DType::f32, 1);
  const nn::Param& w = store.add("w", {3}, nn::ones);
  make(store)->step({.number = 1, .learning_rate = 0.1});
  CHECK(numbers(w.value()) == std::vector<double>{1, 1, 1});
}

}  // namespace regard::training
