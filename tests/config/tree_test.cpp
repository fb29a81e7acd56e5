#include "framework/config/tree.h"

#include <fmt/format.h>

#include <string>

#include "framework/base/errors.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::config {
namespace {

std::string merged(const std::string& base, const std::string& over) {
  return to_yaml(merge(parse_yaml(base, "base.yaml"), parse_yaml(over, "over.yaml")));
}

std::string overridden(const std::string& root, const std::string& key, const std::string& value) {
  const Origin origin{Origin::Kind::set, key + "=" + value};
  return to_yaml(apply_override(parse_yaml(root, "x.yaml"), key, parse_yaml(value, "v"), origin));
}

}  // namespace

TEST_CASE("merge: maps merge and scalars and lists replace") {
  CHECK(merged("{a: {b: 1, c: 2}, l: [1, 2]}", "{a: {c: 3, d: 4}, l: [5]}") ==
        "a:\n  b: 1\n  c: 3\n  d: 4\nl: [5]\n");
  CHECK(merged("{a: {b: 1}}", "{a: 3}") == "a: 3\n");
  CHECK(merged("{a: [1]}", "{a: {b: 1}}") == "a:\n  b: 1\n");
  CHECK(merged("{a: 1}", "{a: null}") == "a: null\n");
}

TEST_CASE("merge: an empty section does not change the base") {
  CHECK(merged("{model: {hidden: 3}}", "model:\n") == "model:\n  hidden: 3\n");
}

TEST_CASE("merge: a written null removes a section") {
  CHECK(merged("{systems: {dot: {model.attention: dot}, none: {}}}", "{systems: {dot: null}}") ==
        "systems:\n  none: {}\n");
  CHECK(merged("{systems: {dot: {model.attention: dot}}}", "systems:\n  dot:\n") ==
        "systems:\n  dot:\n    model.attention: dot\n");
  CHECK(merged("{model: {hidden: 3}, a: 1}", "model: ~\n") == "a: 1\n");
  CHECK(overridden("{systems: {a: {x: 1}, b: {x: 2}}}", "systems.a", "null") == "systems:\n  b:\n    x: 2\n");
}

TEST_CASE("merge: a scalar is the short form of a type") {
  CHECK(merged("{attention: concat}", "{attention: {hidden: 8}}") == "attention:\n  type: concat\n  hidden: 8\n");
  CHECK(merged("{attention: {type: concat, hidden: 8}}", "{attention: dot}") == "attention: dot\n");
}

TEST_CASE("merge: the options of another type are dropped") {
  CHECK(merged("{attention: {type: concat, hidden: 8}}", "{attention: {type: local, window: 2}}") ==
        "attention:\n  type: local\n  window: 2\n");
  CHECK(merged("{attention: {type: concat, hidden: 8}}", "{attention: {type: concat, bias: true}}") ==
        "attention:\n  type: concat\n  hidden: 8\n  bias: true\n");
  CHECK(merged("{attention: dot}", "{attention: {type: concat, hidden: 8}}") ==
        "attention:\n  type: concat\n  hidden: 8\n");
}

TEST_CASE("override: a dotted key sets a value and creates missing sections") {
  CHECK(overridden("{model: {hidden: 1}}", "model.hidden", "2") == "model:\n  hidden: 2\n");
  CHECK(overridden("{}", "training.batch.tokens", "512") == "training:\n  batch:\n    tokens: 512\n");
  CHECK(overridden("{model: null}", "model.hidden", "2") == "model:\n  hidden: 2\n");
  CHECK(overridden("{model: {attention: concat}}", "model.attention.hidden", "2") ==
        "model:\n  attention:\n    type: concat\n    hidden: 2\n");
  CHECK(overridden("{model: {hidden: 1}}", "model", "{cell: gru}") == "model:\n  hidden: 1\n  cell: gru\n");
}

TEST_CASE("override: a key that contains dots is found before its parts") {
  CHECK(overridden("{systems: {dot: {model.attention: dot}}}", "systems.dot.model.attention", "general") ==
        "systems:\n  dot:\n    model.attention: general\n");
  CHECK(overridden("{systems: {dot: {model.attention: concat}}}", "systems.dot.model.attention.hidden", "3") ==
        "systems:\n  dot:\n    model.attention:\n      type: concat\n      hidden: 3\n");
}

TEST_CASE("where: it is the place of the nearest written key") {
  const Node root = parse_yaml("model:\n  hidden: 1\n  encoder: {layers: 2}\n", "x.yaml");
  CHECK(where(root, "model.hidden").text() == "x.yaml:2:11");
  CHECK(where(root, "model.encoder.layers").text() == "x.yaml:3:21");
  CHECK(where(root, "model.encoder.width").text() == "x.yaml:3:12");
  CHECK(where(root, "training.epochs").text() == "x.yaml:1:1");
  CHECK(Origin{}.text() == "default");
}

TEST_CASE("find: it finds a dotted key or nothing") {
  const Node root = parse_yaml("{a: {b.c: 1, b: {c: 2, d: 3}}}", "x");
  CHECK(root.find("a.b.c")->scalar == "1");
  CHECK(root.find("a.b.d")->scalar == "3");
  CHECK(root.find("a.x") == nullptr);
  CHECK(root.find("a.b.d.e") == nullptr);
  CHECK(root.find("") == &root);
}

TEST_CASE("describe: a value in a message is short and in quotes") {
  CHECK(describe(parse_yaml("fast", "x")) == "\"fast\"");
  CHECK(describe(parse_yaml("'a \"b\"'", "x")) == "\"a \\\"b\\\"\"");
  CHECK(describe(parse_yaml("[1]", "x")) == "a list");
  CHECK(describe(parse_yaml("{a: 1}", "x")) == "keys and values");
  CHECK(describe(parse_yaml("~", "x")) == "nothing");
  std::string accents;
  for (int i = 0; i < 61; ++i) accents += "\xC3\xA9";
  CHECK(describe(make_text(accents)) == fmt::format("\"{}\" ...", accents.substr(0, 120)));
}

}  // namespace regard::config
