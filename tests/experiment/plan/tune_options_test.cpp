#include "framework/experiment/plan/tune_options.h"

#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

TuneOptions read(const std::string& text) {
  const config::Node node = config::parse_yaml(text, "p.yaml");
  return config::parse(config::Section(node, "tune"), tune_rows());
}

}  // namespace

TEST_CASE("tune options: nothing is tuned without a grid or a space") {
  CHECK(read("{}").empty());
  CHECK(read("{seeds: [1, 2], metric: bleu}").empty());
  CHECK_FALSE(read("{grid: {model.hidden: [1, 2]}}").empty());
  CHECK_FALSE(read("{search: random, space: {model.hidden: [1, 2]}}").empty());
}

TEST_CASE("tune options: a search, its budget and halving are read") {
  const TuneOptions tune = read(
      "{search: random, trials: 24, draw: 5, space: {model.hidden: {whole: [8, 16]}}, budget: {updates: 100}, "
      "halving: {first: 2}}");
  CHECK(tune.search == TuneOptions::Search::random);
  CHECK(tune.trials == 24);
  CHECK(tune.draw == 5);
  REQUIRE(tune.space.size() == 1);
  CHECK(tune.space[0].first == "model.hidden");
  CHECK(tune.budget.updates == 100);
  CHECK(tune.halving.first == 2);
  CHECK(tune.halving.factor == 3);
  CHECK_THROWS_WITH(read("{halving: {factor: 1}}"),
                    "p.yaml:1:20: tune.halving.factor: expected a whole number from 2 to 1000, got \"1\"");
  CHECK_THROWS_WITH(read("{budget: {parameters: true}}"),
                    "p.yaml:1:11: unknown key 'parameters' in tune.budget. Known keys: minutes, tokens, updates");
}

}  // namespace regard::experiment
