#include "framework/config/options.h"

#include <string>

#include "framework/base/registry.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::config {
namespace {

struct Variant {
  static constexpr const char* kind = "attention";
  std::string name;
  std::string summary;
  std::vector<std::string> aliases = {};
  std::vector<OptionRow> options = {};
};

struct Plain {
  static constexpr const char* kind = "corpus";
  std::string name;
  std::string summary;
};

}  // namespace

TEST_CASE("range: open ends exclude and closed ends include") {
  CHECK(Range{1, 8}.holds(1));
  CHECK(Range{1, 8}.holds(8));
  CHECK_FALSE(Range{1, 8}.holds(9));
  CHECK_FALSE(above(0).holds(0));
  CHECK(above(0).holds(1e-300));
  CHECK(at_least(0).holds(0));
  CHECK(below(0, 1).holds(0));
  CHECK_FALSE(below(0, 1).holds(1));
  CHECK(any_number().holds(-1e300));
  CHECK_FALSE(at_least(0).holds(-0.1));
}

TEST_CASE("rule: the accepted values of a row are a part of a sentence") {
  CHECK(rule_of(boolean_option("a", true, "")) == "true or false");
  CHECK(rule_of(integer_option("a", 0, {0, 65536}, "", "")) == "a whole number from 0 to 65536");
  CHECK(rule_of(integer_option("a", 1, at_least(1), "", "")) == "a whole number >= 1");
  CHECK(rule_of(integer_option("a", 1, any_number(), "", "")) == "a whole number");
  CHECK(rule_of(number_option("a", 1, above(0), "", "")) == "a number > 0");
  CHECK(rule_of(number_option("a", 0, below(0, 1), "", "")) == "a number >= 0 and < 1");
  CHECK(rule_of(number_option("a", 0, {.high = 0.5}, "", "")) == "a number <= 0.5");
  CHECK(rule_of(text_option("a", "", "")) == "text");
  CHECK(rule_of(path_option("a", "", "")) == "a path");
  CHECK(rule_of(choice_option("a", "x", {{"x", ""}, {"y", ""}}, "")) == "one of: x, y");
  CHECK(rule_of(choice_option("a", "x", {}, "")) == "a name, but none is registered");
}

TEST_CASE("choices: entries of a registry have their aliases and options") {
  Registry<Variant> variants;
  variants.add({.name = "dot", .summary = "no parameters"});
  variants.add({.name = "concat",
                .summary = "an inner layer",
                .aliases = {"additive"},
                .options = {integer_option("hidden", 0, {0, 65536}, "units", "width of the inner layer")}});
  const std::vector<Choice> choices = choices_from(variants, {{"none", "the vanilla decoder"}})();
  REQUIRE(choices.size() == 3);
  CHECK(choices[0].name == "none");
  CHECK(choices[1].name == "concat");
  CHECK(choices[1].aliases == std::vector<std::string>{"additive"});
  CHECK(choices[1].options.size() == 1);
  CHECK(choices[2].name == "dot");
  Registry<Plain> corpora;
  corpora.add({"copy", "a toy"});
  CHECK(choices_from(corpora)()[0].summary == "a toy");
}

TEST_CASE("choices: a later registration is included") {
  Registry<Plain> corpora;
  const Choices choices = choices_from(corpora);
  CHECK(choices().empty());
  corpora.add({"copy", "a toy"});
  CHECK(choices().size() == 1);
}

TEST_CASE("defaults: each row has its own") {
  const Options options = defaults({integer_option("hidden", 7, {0, 9}, "", ""), text_option("word", "x", "")});
  CHECK(options.integer("hidden") == 7);
  CHECK(options.text("word") == "x");
  CHECK(options.origin("hidden").text() == "default");
}

TEST_CASE("to node: each kind of value is written as in a plan") {
  Options inner;
  inner.put("hidden", {Index{8}});
  inner.put("empty", {});
  Options options;
  options.put("bool", {true});
  options.put("number", {1.0});
  options.put("text", {std::string("yes")});
  options.put("path", {Path("${X}/a")});
  options.put("list", {Value::List{{Index{1}}, {Index{2}}}});
  options.put("section", {inner});
  options.put("short", {Tagged{"dot"}});
  options.put("long", {Tagged{"concat", inner}});
  options.put("tree", {parse_yaml("{a: [1]}", "x")});
  CHECK(
      to_yaml(to_node(Value{options})) ==
      "bool: true\nnumber: 1.0\ntext: \"yes\"\npath: \"${X}/a\"\nlist: [1, 2]\nsection:\n  hidden: 8\nshort: dot\n"
      "long:\n  type: concat\n  hidden: 8\ntree:\n  a: [1]\n");
}

}  // namespace regard::config
