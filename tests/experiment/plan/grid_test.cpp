#include "framework/experiment/plan/grid.h"

#include "framework/base/errors.h"
#include "framework/experiment/plan/plan.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

Plan plan_of(const std::string& rest) {
  return make_plan(config::parse_yaml("name: g\ndata: {corpus: reverse}\n" + rest, "p.yaml"));
}

std::vector<std::string> names(const Plan& plan) {
  std::vector<std::string> all;
  for (const System& system : plan.systems) all.push_back(system.name);
  return all;
}

}  // namespace

TEST_CASE("grid: the cross product gives named systems") {
  const Plan plan = plan_of(
      "systems: {vanilla: {model.attention: none}, dot: {model.attention: dot}}\n"
      "grid: {model.hidden: [64, 128], training.learning_rate: [0.001, 0.01]}\n");
  CHECK(names(plan) == std::vector<std::string>{"vanilla-h64-l0.001", "vanilla-h64-l0.01", "vanilla-h128-l0.001",
                                                "vanilla-h128-l0.01", "dot-h64-l0.001", "dot-h64-l0.01",
                                                "dot-h128-l0.001", "dot-h128-l0.01"});
  CHECK(plan.systems[6].model.hidden == 128);
  CHECK(plan.systems[6].training.learning_rate == 0.001);
  CHECK(plan.systems[6].model.attention.name == "dot");
  CHECK(plan.report.baseline == "vanilla-h64-l0.001");
  CHECK(plan.resolved.get("grid") == nullptr);
  CHECK(names(make_plan(plan.resolved)) == names(plan));
}

TEST_CASE("grid: too many systems are refused with their number") {
  std::string values = "[0";
  for (int i = 1; i < 100; ++i) values += fmt::format(", {}", i);
  values += "]";
  const std::string grid =
      fmt::format("{{training.patience: {0}, training.epochs: {0}, decoding.beam: {0}}}", values);
  CHECK_THROWS_WITH(
      plan_of("systems: {a: {}}\ngrid: " + grid + "\n"),
      "p.yaml:4:7: grid: its values and 1 system make 1000000 systems, but a plan has at most 10000; leave "
      "out keys or values");
  CHECK_THROWS_WITH(
      plan_of("systems: {a: {}, b: {}}\ntune: {grid: " + grid + "}\n"),
      "p.yaml:4:14: tune.grid: its values and 2 systems make 2000000 systems, but a plan has at most "
      "10000; leave out keys or values");
}

TEST_CASE("grid: names of systems distinguish keys with equal beginnings and contain the values") {
  const Plan plan = plan_of(
      "systems: {a: {model.decoder.bridge: linear}}\n"
      "grid: {model.embedding: [8], model.encoder.layers: [1, 2], decoding.length_penalty: [0.5],\n"
      "       model.attention: [none, {type: concat, hidden: 8}]}\n");
  CHECK(names(plan) == std::vector<std::string>{"a-e8-la1-le0.5-anone", "a-e8-la1-le0.5-aconcat-8",
                                                "a-e8-la2-le0.5-anone", "a-e8-la2-le0.5-aconcat-8"});
}

TEST_CASE("grid: keys and values that cannot be crossed are refused with their place") {
  const auto refused = [](const std::string& rest) {
    try {
      static_cast<void>(plan_of(rest));
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("nothing was refused");
  };
  const std::string systems = "systems: {a: {model.hidden: 8}}\n";
  CHECK(refused(systems + "grid: {model.hidden: [8, 16]}") ==
        "p.yaml:3:29: systems.a: writes model.hidden itself, which grid varies; leave it to one of the two");
  CHECK(refused(systems + "grid: {model.embedding: 8}") ==
        "p.yaml:4:25: grid.model.embedding: expected a list of values, got \"8\"");
  CHECK(refused(systems + "grid: {model.embedding: []}") ==
        "p.yaml:4:25: grid.model.embedding: expected a list of values, got a list");
  CHECK(refused(systems + "grid: {model.embedding: [8, 8]}") ==
        "p.yaml:4:7: grid: two of its points would be named 'e8'");
  CHECK(refused(systems + "grid: [model.embedding]") == "p.yaml:4:7: grid: expected keys with lists, got a list");
  CHECK(refused(systems + "grid: {data.corpus: [copy, reverse]}") ==
        "p.yaml:4:22: systems.a-ccopy: a system overrides keys of model, training "
        "or decoding, not 'data.corpus'; data and seeds are common to all systems");
  CHECK(refused(systems + "grid: {model.embeding: [8, 16]}").find("unknown key 'embeding' in model") !=
        std::string::npos);
  CHECK(refused(systems + "grid: {model.embedding: [8]}\nreport: {baseline: a}") ==
        "p.yaml:5:20: report.baseline: no system is named 'a'. The plan has: a-e8");
}

TEST_CASE("budget: it sets the length of a training and contradicting keys are refused") {
  const std::string systems = "systems: {a: {model.attention: none}}\n";
  const Plan updates = plan_of(systems + "budget: {updates: 50}\n");
  CHECK(updates.systems[0].training.max_updates == 50);
  CHECK(updates.systems[0].training.epochs == runs::kEndless);
  CHECK(runs::budget_summary(updates.budget, "a") == "50 updates each");
  CHECK(make_plan(updates.resolved).systems[0].training.max_updates == 50);
  CHECK(plan_of(systems + "budget: {tokens: 70}\n").systems[0].training.max_tokens == 70);
  const Plan minutes = plan_of(systems + "budget: {minutes: 1.5, parameters: true}\n");
  CHECK(minutes.systems[0].training.max_minutes == 1.5);
  CHECK(runs::budget_summary(minutes.budget, "a") ==
        "1.5 minutes of training each; as many parameters as 'a', by model.hidden");
  CHECK(make_plan(minutes.resolved).budget == minutes.budget);
  CHECK(plan_of(systems).resolved.get("budget") == nullptr);
  const auto refused = [&](const std::string& rest) {
    try {
      static_cast<void>(plan_of(systems + rest));
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("nothing was refused");
  };
  CHECK(refused("budget: {updates: 5, minutes: 1}") ==
        "p.yaml:4:9: budget: only one of updates, tokens and minutes can be equal for all systems");
  CHECK(refused("budget: {updates: 5}\ntraining: {epochs: 3}") ==
        "p.yaml:5:20: training.epochs: the budget sets the length "
        "of a training (system 'a'); leave out one of the two");
  CHECK(refused("budget: {tokens: 5}\ntraining: {patience: 3}") ==
        "p.yaml:5:22: training.patience: the budget sets the length "
        "of a training (system 'a'); leave out one of the two");
  CHECK(refused("budget: {parameters: true}\nmodel: {encoder: {hidden: 8}, decoder: {bridge: linear}}") ==
        "p.yaml:5:27: model.encoder.hidden: budget.parameters chooses model.hidden, "
        "and the encoder must follow it; leave model.encoder.hidden out (system 'a')");
}

TEST_CASE("plan: a tuned key may not be set by a system") {
  const std::string systems = "systems: {a: {training.learning_rate: 0.1}}\n";
  CHECK_THROWS_WITH(plan_of(systems + "tune: {grid: {training.learning_rate: [0.1, 1.0]}}"),
                    "p.yaml:3:39: systems.a: writes training.learning_rate "
                    "itself, which tune.grid varies; leave it to one of the two");
  CHECK_THROWS_WITH(plan_of(systems + "tune: {grid: {model.hidden: [8]}, seeds: [1, 1]}"),
                    "p.yaml:4:42: tune.seeds: a seed is listed twice");
  CHECK_THROWS_WITH(plan_of(systems + "tune: {grid: {model.hidden: [8]}, seeds: []}"),
                    "p.yaml:4:42: tune.seeds: tuning needs at least one seed");
  CHECK_THROWS_WITH(plan_of("systems: {a: {decoding.test: never}, b: {}}"),
                    "p.yaml:3:14: decoding.test: is common to all systems; write it under decoding (system 'a')");
}

TEST_CASE("plan: systems that do not differ give a warning") {
  CHECK(plan_of("systems: {a: , b: {model.hidden: 512}, c: {model.hidden: 8}}").warnings ==
        std::vector<std::string>{"systems 'a' and 'b' are the same"});
}

}  // namespace regard::experiment
