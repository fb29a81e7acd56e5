#include "framework/experiment/schedule/memory_need.h"

#include "framework/experiment/schedule/match.h"
#include "tests/experiment/schedule/reverse_plan.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

using test_plans::reverse_plan;

}  // namespace

TEST_CASE("memory need: it counts parameters and gradients and the state of the optimiser and of averages") {
  const auto bytes = [](const std::string& training, const std::string& model = "{}") {
    const Plan plan = reverse_plan("systems: {a: {}}\ntraining: " + training + "\nmodel: " + model + "\n");
    return least_training_bytes(plan.systems[0], 1000);
  };
  CHECK(bytes("{optimizer: sgd}") == 2 * 4000);
  CHECK(bytes("{optimizer: adam}") == 4 * 4000);
  CHECK(bytes("{optimizer: adadelta}") == 4 * 4000);
  CHECK(bytes("{optimizer: adam, averaging: {kind: ema}}") == 5 * 4000);
  CHECK(bytes("{optimizer: adam}", "{precision: float64}") == 8 * 4000);
}

TEST_CASE("memory need: the error names the key and its place and the available memory") {
  const Plan plan = reverse_plan("systems: {a: {}, b: {model.hidden: 64}}\nmodel: {embedding: 8, hidden: 16}\n");
  const Corpora corpora = load_corpora(plan, runs::RunFolder{});
  CHECK(too_little_memory(plan, plan.systems[0], corpora, {1'000'000'000, "free memory"}).empty());
  const Index b = parameters_of(plan.systems[1].model, corpora);
  CHECK(too_little_memory(plan, plan.systems[1], corpora, {static_cast<std::size_t>(16 * b), "free memory"})
            .empty());
  CHECK(too_little_memory(plan, plan.systems[1], corpora, {static_cast<std::size_t>(16 * b) - 1, "ulimit -v"}) ==
        fmt::format("p.yaml:3:36: model.hidden: 64 gives system 'b' {} parameters, whose training needs at least "
                    "0.0 GB, but this process may use 0.0 GB (ulimit -v); choose a smaller width",
                    b));
  CHECK(too_little_memory(plan, plan.systems[0], corpora, {7, "free memory"})
            .starts_with("p.yaml:4:31: model.hidden: 16 gives system 'a' "));
}

TEST_CASE("memory need: a model that fits into no machine is counted without allocating it") {
  const Plan plan = reverse_plan("systems: {a: {}}\nmodel: {embedding: 8, hidden: 65536}\n");
  const Corpora corpora = load_corpora(plan, runs::RunFolder{});
  CHECK(parameters_of(plan.systems[0].model, corpora) > Index{10'000'000'000});
  CHECK(too_little_memory(plan, plan.systems[0], corpora, {24'000'000'000, "free memory"})
            .ends_with(", but this process may use 24.0 GB (free memory); choose a smaller width"));
}

}  // namespace regard::experiment
