// Param::rate(): every optimiser multiplies its learning rate by it.
#include "tests/support/catch.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

constexpr double kLearningRate = 0.125;

// Three steps of a parameter "x/w" and of another one, each with its own rate.
std::pair<std::vector<double>, std::vector<double>> after_steps(const config::Tagged& which, double learning_rate,
                                                                double rate) {
  nn::ParamStore store(DType::f64, 1);
  const nn::Param& w = store.add("x/w", {3}, nn::ones);
  const nn::Param& other = store.add("xy", {3}, nn::ones);
  store.set_rates("x/", [&](const nn::Param&) { return rate; });
  const OptimizerPtr optimizer = make_optimizer(which, store);
  for (Index t = 1; t <= 3; ++t) {
    random_gradients(store, t);
    optimizer->step({.number = t, .learning_rate = learning_rate});
  }
  return {numbers(w.value()), numbers(other.value())};
}

}  // namespace

TEST_CASE("optimizers: a parameter's rate multiplies the learning rate of this parameter only") {
  std::vector<config::Tagged> all;
  for (const OptimizerEntry* entry : optimizers().entries()) {
    const config::Tagged default_value{.name = entry->name, .options = config::defaults(entry->options)};
    all.push_back(default_value);
    for (const char* key : {"momentum", "weight_decay"}) {
      if (!default_value.options.has(key)) continue;
      all.push_back(default_value);
      all.back().options.put(key, {0.5});
    }
  }
  CHECK(all.size() >= 7);
  for (const config::Tagged& which : all) {
    INFO(which.name);
    const auto half = after_steps(which, kLearningRate, 0.5);
    CHECK(half.first == after_steps(which, kLearningRate / 2, 1).first);
    CHECK(half.second == after_steps(which, kLearningRate, 1).second);
    CHECK(half.first != after_steps(which, kLearningRate, 1).first);
    CHECK(after_steps(which, kLearningRate, 0).first == std::vector<double>{1, 1, 1});
  }
}

}  // namespace regard::training
