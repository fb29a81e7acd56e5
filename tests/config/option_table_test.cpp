#include "framework/config/option_table.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/errors.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::config {
namespace {

enum class Order : std::uint8_t { luong, bahdanau };

struct Encoder {
  Index layers = 1;
  bool bidirectional = true;
};

struct Plan {
  std::string name;
  double rate = 0.001;
  int beam = 5;
  std::optional<Index> patience;
  std::vector<Index> seeds = {1};
  std::vector<std::pair<std::string, Path>> tests;
  std::vector<std::pair<std::string, Node>> systems;
  Path data = "corpus";
  Order order = Order::luong;
  std::string cell = "lstm";
  Tagged attention;
  Encoder encoder = {.layers = 2};
};

std::vector<Choice> attentions() {
  return {{"none", "vanilla"}, {"concat", "inner", {"additive"}, {integer_option("hidden", 0, {0, 9}, "", "")}}};
}

const OptionTable<Encoder>& encoder_rows() {
  static const OptionTable<Encoder> rows = {
      option("layers", &Encoder::layers, Range{1, 8}, "layers", "how many"),
      option("bidirectional", &Encoder::bidirectional, "both ways"),
  };
  return rows;
}

const OptionTable<Plan>& plan_rows() {
  static const OptionTable<Plan> rows = {
      required(option("name", &Plan::name, "what the plan is called")),
      option("rate", &Plan::rate, above(0), "", "step size"),
      option("beam", &Plan::beam, at_least(1), "hypotheses", "width"),
      option("patience", &Plan::patience, at_least(1), "validations", "when to stop"),
      option("seeds", &Plan::seeds, at_least(0), "", "one run each"),
      option("tests", &Plan::tests, "test sets"),
      option("systems", &Plan::systems, "what to compare"),
      option("data", &Plan::data, "where the corpus lies"),
      choice("order", &Plan::order, {{"luong", Order::luong, "after"}, {"bahdanau", Order::bahdanau, "before"}},
             "order"),
      choice_of(
          "cell", &Plan::cell, "cell",
          [] {
            return std::vector<Choice>{{"lstm", "four"}, {"gru", "three"}};
          },
          "cell"),
      tagged("attention", &Plan::attention, "attention", attentions, "score"),
      section("encoder", &Plan::encoder, encoder_rows(), "the encoder"),
  };
  return rows;
}

Plan plan(const std::string& yaml) {
  const Node root = parse_yaml(yaml, "x.yaml");
  return parse(Section(root, ""), plan_rows());
}

}  // namespace

TEST_CASE("rows: defaults are those of the struct") {
  const Plan p = plan("name: x\n");
  CHECK(p.name == "x");
  CHECK(p.rate == 0.001);
  CHECK(p.beam == 5);
  CHECK_FALSE(p.patience.has_value());
  CHECK(p.seeds == std::vector<Index>{1});
  CHECK(p.data.given == "corpus");
  CHECK(p.order == Order::luong);
  CHECK(p.attention.name == "none");
  CHECK(p.encoder.layers == 2);  // the default of the outer struct, not of the inner
  CHECK(plan("{name: x, encoder: {bidirectional: false}}").encoder.layers == 2);
}

TEST_CASE("rows: every kind of member is read") {
  const Plan p = plan(
      "name: x\nrate: 2e-3\nbeam: 3\npatience: 4\nseeds: [5, 6]\ntests: {b: b.en, a: a.en}\n"
      "systems: {dot: {model.attention: dot}}\ndata: d\norder: bahdanau\ncell: gru\n"
      "attention: {type: additive, hidden: 7}\nencoder: {layers: 3, bidirectional: false}\n");
  CHECK(p.rate == 0.002);
  CHECK(p.beam == 3);
  CHECK(p.patience == 4);
  CHECK(p.seeds == std::vector<Index>{5, 6});
  CHECK(p.tests[0].first == "b");
  CHECK(p.tests[1].second.given == "a.en");
  CHECK(p.systems[0].second.get("model.attention")->scalar == "dot");
  CHECK(p.order == Order::bahdanau);
  CHECK(p.cell == "gru");
  CHECK(p.attention.name == "concat");
  CHECK(p.attention.options.integer("hidden") == 7);
  CHECK(p.encoder.layers == 3);
  CHECK_FALSE(p.encoder.bidirectional);
}

TEST_CASE("rows: a default variant has its own defaults at any depth") {
  struct Inner {
    Tagged optimizer{.name = "adam"};
  };
  struct Outer {
    Inner training;
  };
  const auto optimizers = [] {
    return std::vector<Choice>{{"adam", "moments", {}, {number_option("beta", 0.9, below(0, 1), "", "")}}};
  };
  const OptionTable<Inner> inner = {tagged("optimizer", &Inner::optimizer, "optimizer", optimizers, "")};
  const OptionTable<Outer> outer = {section("training", &Outer::training, inner, "")};
  for (const char* text : {"{}", "training:\n", "training: {}", "training: {optimizer: adam}"}) {
    INFO(text);
    const Node root = parse_yaml(text, "x.yaml");
    CHECK(parse(Section(root, ""), outer).training.optimizer.options.number("beta") == 0.9);
  }
}

TEST_CASE("rows: errors name the place and the key") {
  CHECK_THROWS_WITH(plan("{}"), "x.yaml:1:1: name: is missing; give text: what the plan is called");
  CHECK_THROWS_WITH(plan("name: x\nrate: fast\n"), "x.yaml:2:7: rate: expected a number > 0, got \"fast\"");
  CHECK_THROWS_WITH(plan("name: x\nencoder:\n  layers: 9\n"),
                    "x.yaml:3:11: encoder.layers: expected a whole number from 1 to 8, got \"9\"");
  CHECK_THROWS_WITH(
      plan("name: x\nencoder: {layer: 1}\n"),
      "x.yaml:2:11: unknown key 'layer' in encoder; did you mean 'layers'? Known keys: bidirectional, layers");
  CHECK_THROWS_WITH(plan("name: x\nseeds: [1, -1]\n"),
                    "x.yaml:2:12: seeds[1]: expected a whole number >= 0, got \"-1\"");
  CHECK_THROWS_WITH(plan("name: x\ncell: lstn\n"),
                    "x.yaml:2:7: cell: unknown cell 'lstn'; did you mean 'lstm'? Known: lstm (four), gru (three)");
  CHECK_THROWS_WITH(
      plan("name: x\nrat: 1\n"),
      "x.yaml:2:1: unknown key 'rat' at the top; did you mean 'rate'? Known keys: attention, beam, cell, "
      "data, encoder, name, order, patience, rate, seeds, systems, tests");
}

TEST_CASE("rows: written options have every default and read as the same options") {
  const Plan p = plan("name: x\nrate: 2e-5\nattention: concat\nsystems: {dot: {model.attention: dot}}\n");
  const std::string text = to_yaml(to_node(plan_rows(), p));
  CHECK(text ==
        "name: x\nrate: 2.0e-05\nbeam: 5\nseeds: [1]\ntests: {}\nsystems:\n  dot:\n    model.attention: dot\n"
        "data: corpus\norder: luong\ncell: lstm\nattention:\n  type: concat\n  hidden: 0\nencoder:\n  layers: 2\n"
        "  bidirectional: true\n");
  const Plan again = plan(text);
  CHECK(to_yaml(to_node(plan_rows(), again)) == text);
  CHECK(again.rate == p.rate);
}

}  // namespace regard::config
