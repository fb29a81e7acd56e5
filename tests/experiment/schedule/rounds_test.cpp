#include "framework/experiment/schedule/rounds.h"

#include <algorithm>

#include "tests/experiment/schedule/reverse_plan.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

const std::string kSystems = "systems: {vanilla: {model.attention: none}, general: {model.attention: general}}\n";
const std::string kClaim = "report: {claim: {test: test, effect: 1}}\n";

}  // namespace

TEST_CASE("rounds: a list of seeds is one round and rounds begin with the first seeds") {
  const Plan listed = test_plans::reverse_plan(kSystems + "seeds: [4, 7]\n" + kClaim);
  CHECK(decision_plan(listed).first == 2);
  CHECK(decision_plan(listed).seeds == std::vector<Index>{4, 7});
  const Plan rounds = test_plans::reverse_plan(kSystems + "seeds: {first: 3, most: 5}\n" + kClaim);
  const runs::DecisionPlan plan = decision_plan(rounds);
  CHECK(plan.first == 3);
  CHECK(plan.seeds == std::vector<Index>{1, 2, 3, 4, 5});
  CHECK(plan.baseline == "vanilla");
  CHECK(plan.systems == std::vector<std::string>{"vanilla", "general"});
}

TEST_CASE("rounds: without runs every system wants the first seeds") {
  const test::TempFolder folder;
  const Plan plan = test_plans::reverse_plan(kSystems + "seeds: {first: 3, most: 5}\n" + kClaim);
  ContentHashes hashes;
  Rounds rounds(plan, {folder.path()}, false, hashes);
  std::optional<runs::Decisions> decisions = rounds.decide();
  CHECK(decisions->rounds.empty());
  CHECK(seeds_of(plan, plan.systems[1], decisions) == std::vector<Index>{1, 2, 3});
  decisions->seeds["general"] = 4;
  CHECK(seeds_of(plan, plan.systems[1], decisions) == std::vector<Index>{1, 2, 3, 4});
  CHECK(seeds_of(plan, plan.systems[1], std::nullopt).size() == 5);
}

TEST_CASE("rounds: they end when nothing more is wanted or a run is missing") {
  const test::TempFolder folder;
  const Plan plan = test_plans::reverse_plan(kSystems + "seeds: {first: 3, most: 5}\n" + kClaim);
  int calls = 0;
  std::string said;
  RunnerHooks hooks;
  hooks.note = [&](const std::string& note) { said += note + "\n"; };
  const RunSummary summary =
      run_rounds(plan, {.folder = folder.path().string(), .only = {}}, hooks,
                 [&](const std::optional<runs::Decisions>& decisions, ContentHashes&, Rounds& rounds) {
                   ++calls;
                   CHECK(decisions->seeds.at("general") == 3);
                   rounds.note_tried("vanilla", 1);
                   return RunSummary{.failed = 1, .done = 6};
                 });
  CHECK(calls == 1);
  CHECK(summary.failed == 1);
  CHECK(summary.done == 6);
  CHECK(said == "claim: no round is finished; the first has 3 seeds\n");
}

}  // namespace regard::experiment
