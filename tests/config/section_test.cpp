#include "framework/config/section.h"

#include <string>

#include "framework/base/errors.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::config {

TEST_CASE("section: an unread key is an error with its place") {
  const Node root = parse_yaml("name: x\nmodel:\n  hidden: 3\n  dropuot: 0.1\n", "configs/x.yaml");
  Section top(root, "");
  CHECK(top.consume("name")->scalar == "x");
  Section model = top.section("model");
  CHECK(model.consume("hidden") != nullptr);
  CHECK(model.consume("dropout") == nullptr);
  CHECK(model.consume("cell") == nullptr);
  CHECK_THROWS_AS(model.finish(), ConfigError);
  CHECK_THROWS_WITH(model.finish(),
                    "configs/x.yaml:4:3: unknown key 'dropuot' in model; did you mean 'dropout'? Known "
                    "keys: cell, dropout, hidden");
  CHECK_NOTHROW(top.finish());
  Section strict(root, "");
  CHECK_THROWS_WITH(strict.finish(), "configs/x.yaml:1:1: unknown key 'name' at the top. Known keys: none");
}

TEST_CASE("section: an absent section is empty and a scalar is an error") {
  const Node root = parse_yaml("model:\ntraining: fast\n", "x.yaml");
  Section top(root, "");
  CHECK(top.section("model").consume("hidden") == nullptr);
  CHECK(top.section("decoding").consume("beam") == nullptr);
  CHECK_THROWS_WITH(top.section("training"), "x.yaml:2:11: training: expected keys and values, got \"fast\"");
}

TEST_CASE("section: rows are read and a missing required one is an error") {
  const Node root = parse_yaml("\nmodel: {hidden: 3}\n", "x.yaml");
  Section model = Section(root, "").section("model");
  const Options options =
      model.read({integer_option("hidden", 1, at_least(1), "", ""), text_option("word", "w", "")});
  CHECK(options.integer("hidden") == 3);
  CHECK(options.text("word") == "w");
  CHECK_NOTHROW(model.finish());
  OptionRow corpus = text_option("corpus", "", "what to learn from");
  corpus.required = true;
  CHECK_THROWS_WITH(model.read(corpus), "x.yaml:2:8: model.corpus: is missing; give text: what to learn from");
}

TEST_CASE("section: an error of the caller's own rule has the place of the value") {
  const Node root = parse_yaml("model:\n  hidden: 3\n", "x.yaml");
  const Section model = Section(root, "").section("model");
  CHECK_THROWS_WITH(model.fail("hidden", "must be even"), "x.yaml:2:11: model.hidden: must be even");
  CHECK_THROWS_WITH(model.fail("cell", "must be there"), "x.yaml:2:3: model.cell: must be there");
  CHECK(model.origin("hidden").line == 2);
}

TEST_CASE("section: a whole map is read by rows and other keys are errors") {
  const Node root = parse_yaml("{hidden: 3, x: 1}", "x.yaml");
  CHECK_THROWS_WITH(read_options(root, "a.b", {integer_option("hidden", 1, at_least(1), "", "")}),
                    "x.yaml:1:13: unknown key 'x' in a.b. Known keys: hidden");
}

}  // namespace regard::config
