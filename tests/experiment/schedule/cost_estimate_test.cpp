#include "framework/experiment/schedule/cost_estimate.h"

#include <nlohmann/json.hpp>

#include "framework/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/tiny_run.h"

namespace regard::experiment {
namespace {

Cost measured(const test::TinyRuns& runs, const std::string& system = "general") {
  return cost_estimate(runs.plan, system_named(runs.plan, system), runs.corpora, 0);
}

test::TinyRuns with(const std::string& training) {
  return test::TinyRuns(test::tiny_plan_text("", "training: {batch: {sentences: 8}" + training + "}\n"));
}

}  // namespace

TEST_CASE("cost estimate: a few steps say what a training costs and nothing is written") {
  const test::TinyRuns runs = with(", epochs: 4");
  const Cost cost = measured(runs);
  CHECK(cost.system == "general");
  CHECK(cost.failure.empty());
  CHECK(cost.updates == 12);
  CHECK(cost.seconds > 0);
  CHECK(cost.memory_bytes > (Index{1} << 20));
  const models::Seq2Seq model(runs.plan.systems[1].model, runs.corpora.prepared.source.size(),
                              runs.corpora.prepared.target.size(), 1);
  CHECK(cost.parameters == model.params().count());
  CHECK(measured(runs, "vanilla").parameters < cost.parameters);
  CHECK_FALSE(std::filesystem::exists(runs.paths().folder));
}

TEST_CASE("cost estimate: operations are six for each weight of a matrix and word that goes through it") {
  const test::TinyRuns runs = with(", epochs: 4");
  const data::Dataset& train = runs.corpora.prepared.train;
  const models::Seq2Seq model(runs.plan.systems[1].model, runs.corpora.prepared.source.size(),
                              runs.corpora.prepared.target.size(), 1);
  double source = 0, target = 0;
  for (const nn::Param& param : model.params().all()) {
    if (param.shape().rank() < 2 || param.name().ends_with("embedding/W")) continue;
    (param.name().starts_with("encoder/") ? source : target) += static_cast<double>(param.value().size());
  }
  const double words_in = static_cast<double>(train.source.tokens() + train.size());
  const double words_out = static_cast<double>(train.target.tokens() + train.size());
  CHECK(source > 0);
  CHECK(measured(runs).flops == Approx(4 * 6 * (source * words_in + target * words_out)));
}

TEST_CASE("cost estimate: the first limit ends the training that is estimated") {
  CHECK(measured(with(", epochs: 4, max_updates: 7")).updates == 7);
  CHECK(measured(with(", epochs: 2, max_updates: 70")).updates == 6);
  const test::TinyRuns tokens(
      test::tiny_plan_text("budget: {tokens: 1}\n", "training: {batch: {sentences: 8}}\n"));
  CHECK(measured(tokens).updates <= 1);
  const test::TinyRuns minutes(
      test::tiny_plan_text("budget: {minutes: 0.5}\n", "training: {batch: {sentences: 8}}\n"));
  CHECK(measured(minutes).seconds == Approx(30));
}

TEST_CASE("cost estimate: as JSON it is one line with every number") {
  const std::string line = to_json(Cost{.system = "a",
                                        .parameters = 1,
                                        .updates = 2,
                                        .flops = 3.5,
                                        .seconds = 4.5,
                                        .memory_bytes = 5,
                                        .failure = ""});
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(nlohmann::json::parse(line) ==
        nlohmann::json{
            {"cost", {{"parameters", 1}, {"updates", 2}, {"flops", 3.5}, {"seconds", 4.5}, {"memory_bytes", 5}}}});
}

TEST_CASE("cost estimate: each system is measured in a process of its own and one that cannot be says why") {
  const Plan plan = make_plan(config::parse_yaml(
      test::tiny_plan_text("", "training: {batch: {sentences: 8}, epochs: 1}\n").replace(0, 10, "name: cost"),
      "p.yaml"));
  const Costs costs = cost_estimate(plan, 1);
  REQUIRE(costs.systems.size() == 2);
  for (const Cost& cost : costs.systems) {
    INFO(cost.system << " " << cost.failure);
    CHECK(cost.failure.empty());
    CHECK(cost.updates == 3);
    CHECK(cost.parameters > 0);
    CHECK(cost.seconds > 0);
  }
}

}  // namespace regard::experiment
