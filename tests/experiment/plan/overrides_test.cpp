#include "framework/experiment/plan/overrides.h"

#include <vector>

#include "framework/base/errors.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

using config::Node;

Node tree(const std::string& text) { return config::parse_yaml(text, "p.yaml"); }

template <class F>
std::string outcome(F f) {
  try {
    return config::to_yaml(f());
  } catch (const ConfigError& error) {
    return error.what();
  }
}

// The plan's `model: {hidden: 4, attention: dot}` with what a system writes over it.
std::string over(const std::string& written) {
  const Node plan = tree("model: {hidden: 4, attention: dot}\ndata: {corpus: reverse}\n");
  const Node system = tree("a: " + written + "\n");
  return outcome([&] { return with_overrides(plan, "a", *system.get("a")); });
}

std::string same_as(const std::string& text) { return config::to_yaml(tree(text)); }

std::string set(const std::string& plan, const std::vector<std::string>& sets) {
  return outcome([&] { return with_sets_in_systems(tree(plan), sets); });
}

}  // namespace

TEST_CASE("overrides: a system's keys lie over the plan's and nothing else changes") {
  CHECK(over("{model.hidden: 8}") == same_as("model: {hidden: 8, attention: dot}\ndata: {corpus: reverse}\n"));
  CHECK(over("{decoding.beam: 2}") ==
        same_as("model: {hidden: 4, attention: dot}\ndata: {corpus: reverse}\ndecoding: {beam: 2}\n"));
  CHECK(over("{}") == over("~"));
  CHECK(over("~") == same_as("model: {hidden: 4, attention: dot}\ndata: {corpus: reverse}\n"));
}

TEST_CASE("overrides: a section is applied before keys inside it whatever their order") {
  const std::string both = over("{model.attention: {type: concat}, model.attention.hidden: 7}");
  CHECK(both == over("{model.attention.hidden: 7, model.attention: {type: concat}}"));
  CHECK(both == same_as("model: {hidden: 4, attention: {type: concat, hidden: 7}}\ndata: {corpus: reverse}\n"));
}

TEST_CASE("overrides: keys of other sections and what is no map are refused at their place") {
  CHECK(
      over("{data.corpus: copy}") ==
      "p.yaml:1:5: systems.a: a system overrides keys of model, training or decoding, not 'data.corpus'; data and seeds are common to all systems");
  CHECK(over("{models.hidden: 3}").starts_with("p.yaml:1:5: systems.a: a system overrides keys of model, "));
  CHECK(over("[1]").starts_with("p.yaml:1:4: systems.a: expected keys of model, training or decoding, got "));
  CHECK(over("dot") == "p.yaml:1:4: systems.a: expected keys of model, training or decoding, got \"dot\"");
}

TEST_CASE("overrides: --set of a value takes the key out of the systems that write it") {
  const std::string plan =
      "model: {hidden: 20}\nsystems: {a: {model.hidden: 8, model.attention: dot}, b: {model: {hidden: 9}}, c: ~}\n";
  CHECK(set(plan, {"model.hidden=20"}) ==
        same_as("model: {hidden: 20}\nsystems: {a: {model.attention: dot}, b: {model: {}}, c: ~}\n"));
  CHECK(set(plan, {"training.epochs=2"}) == same_as(plan));
  CHECK(set(plan, {"name=x"}) == same_as(plan));  // no system can write it
}

TEST_CASE("overrides: --set of a section changes it in the systems that write it or a part of it") {
  CHECK(set("systems: {a: {model: {hidden: 8, embedding: 5}}, b: {model.hidden: 9, model.embedding: 6}}\n",
            {"model={hidden: 20}"}) ==
        same_as("systems: {a: {model: {hidden: 20, embedding: 5}}, b: {model.embedding: 6}}\n"));
  // Another variant has options of its own: those written for the old one go.
  CHECK(set("systems: {a: {model.attention.hidden: 7}}\n", {"model.attention={type: concat, hidden: 9}"}) ==
        same_as("systems: {a: {}}\n"));
  // The type of a scalar is the scalar.
  CHECK(set("systems: {a: {model.attention: dot}}\n", {"model.attention.type=general"}) ==
        same_as("systems: {a: {}}\n"));
}

TEST_CASE("overrides: --set of a key that a grid varies is refused") {
  CHECK(
      set("grid: {model.hidden: [4, 6]}\nsystems: {a: ~}\n", {"model.hidden=20"}) ==
      "--set model.hidden=20: model.hidden: grid varies this key; set its list of values: grid.model.hidden=[…]");
  CHECK(
      set("tune: {grid: {training.learning_rate: [1, 2]}}\n", {"training.learning_rate=3"}) ==
      "--set training.learning_rate=3: training.learning_rate: tune.grid varies this key; set its list of values: tune.grid.training.learning_rate=[…]");
}

}  // namespace regard::experiment
