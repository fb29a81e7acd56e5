#include "framework/config/docs.h"

#include <nlohmann/json.hpp>
#include <string>

#include "framework/base/errors.h"
#include "framework/config/option_table.h"
#include "framework/config/or_auto.h"
#include "tests/support/catch.h"

namespace regard::config {
namespace {

std::vector<OptionRow> rows() {
  OptionRow attention;
  attention.name = "attention";
  attention.type = OptionRow::Type::tagged;
  attention.kind = "attention";
  attention.meaning = "how a state is scored";
  attention.default_value.data = Tagged{"none"};
  attention.choices = [] {
    return std::vector<Choice>{
        {"none", "vanilla"},
        {"concat", "inner", {"additive"}, {integer_option("hidden", 0, {0, 9}, "units", "width")}}};
  };
  OptionRow patience = integer_option("patience", 0, at_least(1), "validations", "when to stop");
  patience.optional = true;
  patience.default_value = {};
  OptionRow name = text_option("name", "", "what it is called");
  name.required = true;
  OptionRow model;
  model.name = "model";
  model.type = OptionRow::Type::section;
  model.meaning = "the network";
  model.inner = {attention, number_option("dropout", 0.2, below(0, 1), "", "0 | none")};
  OptionRow rate = number_option("rate", 0, at_least(0), "", "how fast");
  rate.or_auto = true;
  rate.default_value.data = std::string(kAuto);
  return {name, model, patience, rate, choice_option("order", "a", {{"a", "one"}, {"b", "two"}}, "which")};
}

}  // namespace

TEST_CASE("describe all: every key is listed with the variant that has it") {
  std::vector<std::string> keys;
  for (const Described& described : describe_all(rows())) keys.push_back(described.key + "/" + described.variant);
  CHECK(keys == std::vector<std::string>{"name/", "model/", "model.attention/", "model.attention.hidden/concat",
                                         "model.dropout/", "patience/", "rate/", "order/"});
  CHECK(describe_all(rows())[3].variants == decltype(Described::variants){{"model.attention", "concat"}});
}

TEST_CASE("explain: a key is shown with its accepted values and the keys below it") {
  CHECK(explain(rows(), "model.dropout") ==
        "model.dropout\n  0 | none\n  accepts  a number >= 0 and < 1\n  default  0.2\n");
  CHECK(
      explain(rows(), "patience") ==
      "patience\n  when to stop\n  accepts  a whole number >= 1\n  default  none given\n  unit     validations\n");
  CHECK(explain(rows(), "model.attention") ==
        "model.attention\n  how a state is scored\n"
        "  accepts  one of: none, concat; or {type: NAME, and its options}\n  default  none\n"
        "  none       vanilla\n  concat     inner (also: additive)\n\n"
        "model.attention.hidden (of concat)\n  width\n  accepts  a whole number from 0 to 9\n  default  0\n"
        "  unit     units\n");
  CHECK(explain(rows()).starts_with(
      "name\n  what it is called\n  accepts  text\n  default  must be given\n\nmodel\n"));
}

TEST_CASE("explain: the error of an unknown key names the nearest one") {
  CHECK_THROWS_WITH(explain(rows(), "model.dropuot"),
                    "unknown key 'model.dropuot'; did you mean 'model.dropout'? `regard explain` lists all keys");
  CHECK_THROWS_WITH(explain(rows(), "dropout"),
                    "unknown key 'dropout'; did you mean 'model.dropout'? `regard explain` lists all keys");
  CHECK_THROWS_WITH(explain(rows(), "zzz"), "unknown key 'zzz'; `regard explain` lists all keys");
}

TEST_CASE("markdown: each key is one line and pipes are escaped") {
  CHECK(markdown_table(rows()) ==
        "| key | accepts | default | unit | meaning |\n| --- | --- | --- | --- | --- |\n"
        "| `name` | text | `must be given` |  | what it is called |\n"
        "| `model` |  |  |  | the network |\n"
        "| `model.attention` | one of: none, concat; or {type: NAME, and its options} | `none` |  | how a state "
        "is scored "
        "|\n"
        "| `model.attention.hidden` (concat) | a whole number from 0 to 9 | `0` | units | width |\n"
        "| `model.dropout` | a number >= 0 and < 1 | `0.2` |  | 0 \\| none |\n"
        "| `patience` | a whole number >= 1 | `none given` | validations | when to stop |\n"
        "| `rate` | a number >= 0 or auto | `auto` |  | how fast |\n"
        "| `order` | one of: a, b | `a` |  | which |\n");
}

TEST_CASE("schema: it agrees with the rows") {
  const nlohmann::json out = nlohmann::json::parse(schema(rows()));
  CHECK(out["additionalProperties"] == false);
  CHECK(out["required"] == nlohmann::json{"name"});
  CHECK(out["properties"]["order"] ==
        nlohmann::json{{"enum", {"a", "b"}}, {"default", "a"}, {"description", "which"}});
  const nlohmann::json model = out["properties"]["model"]["anyOf"][0];
  CHECK(model["properties"]["dropout"] == nlohmann::json{{"type", "number"},
                                                         {"minimum", 0},
                                                         {"exclusiveMaximum", 1},
                                                         {"default", 0.2},
                                                         {"description", "0 | none"}});
  const nlohmann::json attention = model["properties"]["attention"]["anyOf"];
  CHECK(attention[0]["enum"] == nlohmann::json{"none", "concat", "additive"});
  CHECK(attention[2]["properties"]["type"]["enum"] == nlohmann::json{"concat", "additive"});
  CHECK(attention[2]["properties"]["hidden"]["maximum"] == 9);
  CHECK(attention[2]["required"] == nlohmann::json{"type"});
  std::vector<OptionRow> all = rows();
  all[1].inner[0].untyped = "concat";  // a map without `type` is concat
  const auto untyped =
      nlohmann::json::parse(schema(all))["properties"]["model"]["anyOf"][0]["properties"]["attention"];
  CHECK_FALSE(untyped["anyOf"][2].contains("required"));
  CHECK(out["properties"]["patience"]["anyOf"][1]["type"] == "null");
  CHECK_FALSE(out["properties"]["patience"].contains("default"));
  CHECK(out["properties"]["rate"] ==
        nlohmann::json{{"anyOf", {{{"type", "number"}, {"minimum", 0}}, {{"const", "auto"}}}},
                       {"default", "auto"},
                       {"description", "how fast"}});
}

}  // namespace regard::config
