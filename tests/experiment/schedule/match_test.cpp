// `budget.parameters` chooses widths that give every system as many parameters as the baseline.
#include "framework/experiment/schedule/match.h"

#include <cmath>

#include "framework/base/errors.h"
#include "framework/experiment/schedule/tune.h"
#include "tests/experiment/schedule/reverse_plan.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

using test_plans::reverse_plan;

std::string refusal(const std::string& rest) {
  try {
    static_cast<void>(reverse_plan(rest));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "nothing was refused";
}

Plan match(const Plan& plan) { return matched(plan, load_corpora(plan, runs::RunFolder{})); }

Index count(const Plan& plan, const std::string& system) {
  return parameters_of(system_named(plan, system).model, load_corpora(plan, runs::RunFolder{}));
}

}  // namespace

TEST_CASE("budget.parameters: tied embeddings need a fixed readout size") {
  const std::string model = "budget: {parameters: true}\nmodel: {embedding: 16, hidden: 16";
  const std::string systems = "systems: {a: {model.attention: none}, b: {model.tied_embeddings: target}}\n";
  CHECK(refusal(systems + model + "}\n") ==
        "p.yaml:3:66: model.tied_embeddings: budget.parameters chooses model.hidden, which the output layer then "
        "reads, "
        "but tied embeddings need it to read 16 units; set model.decoder.readout_size to 16 (system 'b')");
  const Plan plan = match(reverse_plan(systems + model + ", decoder: {readout_size: 16}}\n"));
  const double a = static_cast<double>(count(plan, "a"));
  CHECK(std::abs(static_cast<double>(count(plan, "b")) - a) / a < 0.1);
  // The baseline keeps its own width.
  CHECK(refusal("systems: {a: {model.tied_embeddings: target}, b: {}}\n" + model + "}\n") ==
        "nothing was refused");
}

TEST_CASE("budget.parameters: widths that an attention refuses are skipped") {
  const Plan plan = match(reverse_plan(
      "systems: {a: {model.attention: none, model.hidden: 24}, b: {model.attention: {type: concat, hidden: 16, "
      "keys: identity}}}\nbudget: {parameters: true}\nmodel: {embedding: 8, hidden: 16}\n"));
  CHECK(system_named(plan, "b").model.hidden == 16);
  REQUIRE(plan.warnings.size() == 1);
  CHECK(plan.warnings[0].starts_with("system 'b': the nearest model.hidden is 16 with "));
  CHECK_THROWS_WITH(
      match(reverse_plan(
          "systems:\n  a: {model.attention: none}\n  b: {model.attention: {type: concat, hidden: 7, keys: "
          "identity}}\nbudget: {parameters: true}\nmodel: {embedding: 8, hidden: 7, encoder: "
          "{bidirectional: false}}\n")),
      "p.yaml:5:6: systems.b: budget.parameters finds no even model.hidden that attention 'concat' accepts: with 2 "
      "it "
      "with keys 'identity' needs hidden 0 or the encoder's output 2, not 7");
}

TEST_CASE("budget.parameters: a grid over the width is refused") {
  const std::string systems = "systems: {a: {model.attention: none}, dot: {model.attention: dot}}\n";
  const std::string budget = "budget: {parameters: true}\n";
  CHECK(refusal(systems + budget + "grid: {model.hidden: [16, 24]}\n") ==
        "p.yaml:5:8: grid.model.hidden: budget.parameters chooses model.hidden; leave out one of the two");
  CHECK(refusal(systems + budget + "tune: {grid: {model.hidden: [16, 24]}}\n") ==
        "p.yaml:5:15: tune.grid.model.hidden: budget.parameters chooses model.hidden; leave out one of the two");
  CHECK(refusal(systems + budget + "grid: {model.embedding: [16, 24]}\n") == "nothing was refused");
}

TEST_CASE("budget.parameters: systems that become equal give a warning") {
  const Plan plan =
      match(reverse_plan("systems: {a: {model.attention: none}, b: {model.attention: dot, model.hidden: 20}, c: "
                         "{model.attention: dot}}\n"
                         "budget: {parameters: true}\nmodel: {embedding: 8, hidden: 16}\n"));
  CHECK(std::count(plan.warnings.begin(), plan.warnings.end(), "systems 'b' and 'c' are the same") == 1);
}

TEST_CASE("budget.parameters: candidates of a tuning are matched to the baseline's own candidate") {
  const Plan plan = reverse_plan(
      "systems: {small: {model.attention: dot, model.hidden: 16}, big: {model.attention: none, model.hidden: "
      "40}}\n"
      "report: {baseline: big}\nbudget: {parameters: true}\nmodel: {embedding: 8}\n"
      "tune: {grid: {model.embedding: [8, 32], training.learning_rate: [0.1, 0.01]}}\n");
  const Plan candidates = match(tuning_plan(plan, 0));
  REQUIRE(candidates.systems.size() == 8);
  for (const char* point : {"-e8-l0.1", "-e8-l0.01", "-e32-l0.1", "-e32-l0.01"}) {
    INFO(point);
    CHECK(system_named(candidates, std::string("big") + point).model.hidden == 40);
    const auto big = static_cast<double>(count(candidates, std::string("big") + point));
    const auto small = static_cast<double>(count(candidates, std::string("small") + point));
    CHECK(std::abs(small - big) / big < 0.05);
  }
}

}  // namespace regard::experiment
