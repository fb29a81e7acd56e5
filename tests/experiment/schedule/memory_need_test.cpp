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
            .find("training.batch: system 'b' takes") != std::string::npos);  // the parameters fit
  CHECK(too_little_memory(plan, plan.systems[1], corpora, {static_cast<std::size_t>(16 * b) - 1, "ulimit -v"}) ==
        fmt::format("p.yaml:3:36: model.hidden: 64 gives system 'b' {} parameters, whose training needs at least "
                    "0.0 GB, but this process may use 0.0 GB (ulimit -v); choose a smaller width",
                    b));
  CHECK(too_little_memory(plan, plan.systems[0], corpora, {7, "free memory"})
            .starts_with("p.yaml:4:31: model.hidden: 16 gives system 'a' "));
}

TEST_CASE("memory need: the largest batch counts and is said with its key") {
  const Plan plan = reverse_plan(
      "systems: {a: {}, b: {training.batch: {sentences: 1}}}\nmodel: {embedding: 8, hidden: 16}\n"
      "training: {batch: {sentences: 8}}\n");
  const Corpora corpora = load_corpora(plan, runs::RunFolder{});
  const System& a = plan.systems[0];
  const BatchTokens batch = largest_batch(a, corpora, 1);
  const BatchTokens one = largest_batch(plan.systems[1], corpora, 1);
  CHECK(batch.target >= 8 * corpora.prepared.train.target.tokens() / corpora.prepared.train.size());
  CHECK(one.source * 8 >= batch.source);
  // 4 bytes: of a source token the embedding and 6 x 16 of the layer, of a target token the readout twice as well.
  CHECK(least_batch_bytes(a, {1, 0}) == 4 * (8 + 96));
  CHECK(least_batch_bytes(a, {0, 1}) == 4 * (8 + 96 + 32));
  const double parameters = least_training_bytes(a, parameters_of(a.model, corpora));
  const double all = least_run_bytes(plan, a, corpora);
  CHECK(all == parameters + least_batch_bytes(a, batch));
  CHECK(too_little_memory(plan, a, corpora, {static_cast<std::size_t>(all) + 1, "free memory"}).empty());
  CHECK(
      too_little_memory(plan, a, corpora, {static_cast<std::size_t>(all) - 1, "free memory"}) ==
      fmt::format("p.yaml:5:19: training.batch: system 'a' takes 0.0 GB and its largest batch ({} source and {} "
                  "target tokens) 0.0 GB more at least, and this process may take 0.0 GB (free memory); choose a "
                  "smaller one",
                  batch.source, batch.target));
}

TEST_CASE("memory need: as many runs at a time as fit together and one at least") {
  const UsableMemory ten{10, "free memory"};
  CHECK(jobs_that_fit({4, 4, 4}, 3, ten) == 2);
  CHECK(jobs_that_fit({4, 4, 2}, 3, ten) == 3);
  CHECK(jobs_that_fit({1, 1, 9}, 2, ten) == 2);
  CHECK(jobs_that_fit({1, 2, 9}, 2, ten) == 1);  // the largest two may meet
  CHECK(jobs_that_fit({20}, 4, ten) == 1);
  CHECK(jobs_that_fit({}, 4, ten) == 1);
}

TEST_CASE("memory need: a model that fits into no machine is counted without allocating it") {
  const Plan plan = reverse_plan("systems: {a: {}}\nmodel: {embedding: 8, hidden: 65536}\n");
  const Corpora corpora = load_corpora(plan, runs::RunFolder{});
  CHECK(parameters_of(plan.systems[0].model, corpora) > Index{10'000'000'000});
  CHECK(too_little_memory(plan, plan.systems[0], corpora, {24'000'000'000, "free memory"})
            .ends_with(", but this process may use 24.0 GB (free memory); choose a smaller width"));
}

}  // namespace regard::experiment
