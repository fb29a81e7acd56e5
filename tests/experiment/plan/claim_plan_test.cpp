// Plans with report.claim and seeds in rounds.
#include <nlohmann/json.hpp>

#include "framework/base/errors.h"
#include "framework/config/docs.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "framework/experiment/plan/plan.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

const std::string kRounds = "seeds: {first: 3, most: 5, until: decided}\n";
const std::string kClaim = "report: {claim: {test: test, effect: 0.5}}\n";

std::string with(const std::string& rest, const std::string& systems = "{a: {}, b: {model.attention: none}}") {
  return "name: m\ndata: {corpus: {type: reverse, train: 40, valid: 8, test: 8, test_long: 4}}\nsystems: " +
         systems + "\n" + rest;
}

Plan plan_of(const std::string& text) { return make_plan(config::parse_yaml(text, "p.yaml")); }

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(plan_of(text));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("plan: seeds in rounds are kept as written and the resolved plan gives the same") {
  const Plan plan = plan_of(with(kRounds + kClaim));
  CHECK(plan.seeds == std::vector<Index>{1, 2, 3, 4, 5});
  REQUIRE(plan.rounds.has_value());
  CHECK(plan.rounds->first == 3);
  CHECK(plan.rounds->most == 5);
  CHECK(plan.report.claim.test == "test");
  const std::string resolved = config::to_yaml(plan.resolved);
  CHECK(resolved.find("seeds:\n  first: 3\n  most: 5\n  until: decided\n") != std::string::npos);
  CHECK(resolved.find(
            "  claim:\n    metric: bleu\n    test: test\n    effect: 0.5\n    alpha: 0.05\n    power: 0.8\n") !=
        std::string::npos);
  CHECK(config::to_yaml(plan_of(resolved).resolved) == resolved);
  CHECK(plan_of(with("seeds: {}\n" + kClaim)).seeds.size() == 20);
}

TEST_CASE("plan: without a claim the resolved plan is as it was") {
  const Plan plan = plan_of(with("seeds: [1, 2]\n"));
  CHECK_FALSE(plan.rounds.has_value());
  CHECK(plan.report.claim.empty());
  const std::string resolved = config::to_yaml(plan.resolved);
  CHECK(resolved.find("claim") == std::string::npos);
  CHECK(resolved.find("seeds: [1, 2]\n") != std::string::npos);
}

TEST_CASE("plan: a claim that cannot be decided is refused with its place") {
  CHECK(refusal(with(kRounds)) ==
        "p.yaml:4:35: seeds.until: 'decided' needs report.claim, which says what is to be decided");
  CHECK(
      refusal(with("seeds: {first: 5, most: 4}\n" + kClaim)) ==
      "p.yaml:4:25: seeds.most: expected at least the 5 seeds of the first round, got 4; raise seeds.most or lower "
      "seeds.first");
  CHECK(refusal(with("seeds: {first: 2}\n" + kClaim)) ==
        "p.yaml:4:16: seeds.first: expected a whole number from 3 to 100, got \"2\"");
  CHECK(
      refusal(with("seeds: {until: never}\n" + kClaim)) ==
      "p.yaml:4:16: seeds.until: unknown until 'never'. Known: decided (systems that report.claim leaves open get one "
      "more seed each round, and so does the baseline)");
  CHECK(refusal(with(kRounds + "report: {claim: {effect: 1}}\n")) ==
        "p.yaml:5:17: report.claim.test: is missing; name the test set that decides");
  CHECK(refusal(with(kRounds + "report: {claim: {test: test, effect: -1}}\n")) ==
        "p.yaml:5:38: report.claim.effect: expected a number > 0, got \"-1\"");
  CHECK(refusal(with(kRounds + kClaim, "{a: {}}")) ==
        "p.yaml:5:17: report.claim: needs a second system, which is compared with the baseline");
  CHECK(refusal(with("seeds: [1]\n" + kClaim)) == "p.yaml:4:8: seeds: report.claim needs at least two seeds");
  CHECK(refusal(with(kRounds + kClaim + "decoding: {test: never}\n")) ==
        "p.yaml:6:18: decoding.test: report.claim needs the translations of a test set; leave out one of the two");
}

TEST_CASE("plan: the test set of a claim must be one of the data's") {
  const Plan plan = plan_of(with(kRounds + kClaim));
  CHECK_NOTHROW(require_claimed_test(plan, {"test", "test_long"}));
  CHECK_THROWS_WITH(
      require_claimed_test(plan, {"tests", "other"}),
      "p.yaml:5:24: report.claim.test: no test set is named 'test'; did you mean 'tests'? The data has: "
      "tests, other");
  CHECK_NOTHROW(require_claimed_test(plan_of(with("seeds: [1]\n")), {"other"}));
}

TEST_CASE("plan: the schema and the documentation have the rounds of seeds") {
  const auto schema = nlohmann::json::parse(config::schema(plan_rows()))["properties"];
  CHECK(schema["seeds"]["anyOf"][3]["properties"].contains("until"));
  CHECK(schema["seeds"]["anyOf"][3]["additionalProperties"] == false);
  CHECK(config::explain(plan_rows(), "seeds.most").find("no system gets more") != std::string::npos);
  CHECK(config::explain(plan_rows(), "report.claim.effect").find("smallest difference") != std::string::npos);
}

}  // namespace regard::experiment
