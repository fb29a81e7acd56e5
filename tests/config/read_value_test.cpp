#include <cstdlib>
#include <string>

#include "framework/base/errors.h"
#include "framework/config/options.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::config {
namespace {

Value read(const OptionRow& row, const std::string& yaml) {
  return read_value(parse_yaml(yaml, "x.yaml"), row, "a.b");
}

std::string refusal(const OptionRow& row, const std::string& yaml) {
  try {
    (void)read(row, yaml);
    return "accepted";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

std::vector<Choice> attentions() {
  return {{"none", "the vanilla decoder"},
          {"dot", "no parameters"},
          {"concat",
           "an inner layer",
           {"additive"},
           {integer_option("hidden", 0, {0, 65536}, "units", "width"), boolean_option("bias", false, "a bias")}}};
}

OptionRow attention() {
  OptionRow row;
  row.name = "attention";
  row.type = OptionRow::Type::tagged;
  row.kind = "attention";
  row.choices = attentions;
  return row;
}

}  // namespace

TEST_CASE("read: whole numbers are read and checked") {
  const OptionRow row = integer_option("b", 1, {-5, 1000000}, "", "");
  CHECK(std::get<Index>(read(row, "12").data) == 12);
  CHECK(std::get<Index>(read(row, "+12").data) == 12);
  CHECK(std::get<Index>(read(row, "-5").data) == -5);
  CHECK(std::get<Index>(read(row, "0").data) == 0);
  const std::string rule = "x.yaml:1:1: a.b: expected a whole number from -5 to 1000000, got ";
  CHECK(refusal(row, "fast") == rule + "\"fast\"");
  CHECK(refusal(row, "1.0") == rule + "\"1.0\"");
  CHECK(refusal(row, "1e3") == rule + "\"1e3\"");
  CHECK(refusal(row, "010") == rule + "\"010\"");
  CHECK(refusal(row, "-010") == rule + "\"-010\"");
  CHECK(refusal(row, "0x10") == rule + "\"0x10\"");
  CHECK(refusal(row, "0o10") == rule + "\"0o10\"");
  CHECK(refusal(row, "1_000") == rule + "\"1_000\"");
  CHECK(refusal(row, "12 13") == rule + "\"12 13\"");
  CHECK(refusal(row, "+-1") == rule + "\"+-1\"");
  CHECK(refusal(row, "++1") == rule + "\"++1\"");
  CHECK(refusal(row, "-6") == rule + "\"-6\"");
  CHECK(refusal(row, "99999999999999999999") == rule + "\"99999999999999999999\"");
  CHECK(refusal(row, "'12'") == rule + "\"12\" in quotes, which makes it text");
  CHECK(refusal(row, "true") == rule + "\"true\"");
  CHECK(refusal(row, "~") == rule + "nothing");
  CHECK(refusal(row, "[1]") == rule + "a list");
  CHECK(refusal(row, "{a: 1}") == rule + "keys and values");
  CHECK(std::get<Index>(read(integer_option("b", 1, any_number(), "", ""), "9223372036854775807").data) ==
        9223372036854775807);
}

TEST_CASE("read: numbers are read and checked") {
  const OptionRow row = number_option("b", 1, above(0), "", "");
  CHECK(std::get<double>(read(row, "0.002").data) == 0.002);
  CHECK(std::get<double>(read(row, "1e-3").data) == 0.001);
  CHECK(std::get<double>(read(row, "2").data) == 2.0);
  CHECK(std::get<double>(read(row, ".5").data) == 0.5);
  CHECK(std::get<double>(read(row, "0.1").data) == 0.1);
  const std::string rule = "x.yaml:1:1: a.b: expected a number > 0, got ";
  CHECK(refusal(row, "fast") == rule + "\"fast\"");
  CHECK(refusal(row, "0") == rule + "\"0\"");
  CHECK(refusal(row, "-1") == rule + "\"-1\"");
  CHECK(refusal(row, "nan") == rule + "\"nan\"");
  CHECK(refusal(row, ".nan") == rule + "\".nan\"");
  CHECK(refusal(row, "inf") == rule + "\"inf\"");
  CHECK(refusal(row, ".inf") == rule + "\".inf\"");
  CHECK(refusal(row, "1e400") == rule + "\"1e400\"");
  CHECK(refusal(row, "1e-400") == rule + "\"1e-400\"");
  CHECK(refusal(row, "0,5") == rule + "\"0,5\"");
  CHECK(refusal(row, "1.5x") == rule + "\"1.5x\"");
  CHECK(refusal(row, "0x1p3") == rule + "\"0x1p3\"");
  CHECK(refusal(row, "01.5") == rule + "\"01.5\"");
  CHECK(refusal(row, "\"0.1\"") == rule + "\"0.1\" in quotes, which makes it text");
}

TEST_CASE("read: only true and false are truth values") {
  const OptionRow row = boolean_option("b", false, "");
  CHECK(std::get<bool>(read(row, "true").data));
  CHECK_FALSE(std::get<bool>(read(row, "false").data));
  for (const std::string word : {"yes", "no", "on", "off", "True", "TRUE", "1", "0", "y"}) {
    CHECK(refusal(row, word) == "x.yaml:1:1: a.b: expected true or false, got \"" + word + "\"");
  }
  CHECK(refusal(row, "'true'") ==
        "x.yaml:1:1: a.b: expected true or false, got \"true\" in quotes, which makes it text");
}

TEST_CASE("read: text accepts any scalar unchanged") {
  const OptionRow row = text_option("b", "", "");
  for (const std::string word : {"no", "010", "true", "1.50", "\xC3\xA9t\xC3\xA9"}) {
    CHECK(std::get<std::string>(read(row, word).data) == word);
  }
  CHECK(std::get<std::string>(read(row, "''").data).empty());
  CHECK(refusal(row, "[a]") == "x.yaml:1:1: a.b: expected text, got a list");
  CHECK(refusal(row, "~") == "x.yaml:1:1: a.b: expected text, got nothing");
}

TEST_CASE("read: environment variables in paths are replaced") {
  const OptionRow row = path_option("b", "", "");
  ::setenv("REGARD_TEST_DATA", "/data", 1);
  ::setenv("REGARD_TEST_EMPTY", "", 1);
  ::unsetenv("REGARD_TEST_NONE");
  const auto expanded = [&](const std::string& yaml) {
    return std::get<Path>(read(row, yaml).data).expanded.string();
  };
  CHECK(expanded("plain/a.en") == "plain/a.en");
  CHECK(expanded("${REGARD_TEST_DATA}/a.en") == "/data/a.en");
  CHECK(expanded("x${REGARD_TEST_DATA}${REGARD_TEST_DATA}y") == "x/data/datay");
  CHECK(expanded("${REGARD_TEST_NONE:-corpus}/a.en") == "corpus/a.en");
  CHECK(expanded("${REGARD_TEST_EMPTY:-corpus}/a.en") == "corpus/a.en");
  CHECK(expanded("${REGARD_TEST_NONE:-}a.en") == "a.en");
  CHECK(expanded("cost$5") == "cost$5");
  CHECK(std::get<Path>(read(row, "${REGARD_TEST_DATA}/a.en").data).given == "${REGARD_TEST_DATA}/a.en");
  CHECK(refusal(row, "${REGARD_TEST_NONE}/a.en") ==
        "x.yaml:1:1: a.b: the environment variable REGARD_TEST_NONE is not set; set it, or write "
        "${REGARD_TEST_NONE:-FALLBACK}");
  CHECK(refusal(row, "${REGARD_TEST_EMPTY}/a.en") ==
        "x.yaml:1:1: a.b: the environment variable REGARD_TEST_EMPTY is not set; set it, or write "
        "${REGARD_TEST_EMPTY:-FALLBACK}");
  CHECK(refusal(row, "a/${OPEN") == "x.yaml:1:1: a.b: a '${' has no closing '}'");
  CHECK(std::get<std::string>(read(text_option("b", "", ""), "${REGARD_TEST_NONE}").data) ==
        "${REGARD_TEST_NONE}");
}

TEST_CASE("read: a choice is one of its names") {
  const OptionRow row = choice_option("order", "luong", {{"luong", "after"}, {"bahdanau", "before", {"mlp"}}}, "");
  CHECK(std::get<std::string>(read(row, "bahdanau").data) == "bahdanau");
  CHECK(std::get<std::string>(read(row, "mlp").data) == "bahdanau");
  CHECK(refusal(row, "loung") ==
        "x.yaml:1:1: a.b: unknown order 'loung'; did you mean 'luong'? Known: luong (after), bahdanau (before)");
  CHECK(refusal(row, "[luong]") == "x.yaml:1:1: a.b: expected one of: luong, bahdanau, got a list");
}

TEST_CASE("read: a tagged value has a short and a long form and its own options") {
  const OptionRow row = attention();
  const auto tagged = [&](const std::string& yaml) { return std::get<Tagged>(read(row, yaml).data); };
  CHECK(tagged("dot").name == "dot");
  CHECK(tagged("dot").options.entries().empty());
  CHECK(tagged("additive").name == "concat");
  CHECK(tagged("additive").options.integer("hidden") == 0);
  CHECK(tagged("{type: concat, hidden: 128}").options.integer("hidden") == 128);
  CHECK(tagged("{type: concat, hidden: 128}").options.origin("hidden").text() == "x.yaml:1:24");
  CHECK_FALSE(tagged("{type: concat, hidden: 128}").options.boolean("bias"));
  CHECK(tagged("{hidden: 3, type: additive}").name == "concat");
  CHECK(tagged("{type: concat}").origin.text() == "x.yaml:1:8");
}

TEST_CASE("read: a wrong tagged value is an error with its place") {
  const OptionRow row = attention();
  const std::string known = "Known: none (the vanilla decoder), dot (no parameters), concat (an inner layer)";
  CHECK(refusal(row, "dott") == "x.yaml:1:1: a.b: unknown attention 'dott'; did you mean 'dot'? " + known);
  CHECK(refusal(row, "{type: addditive}") ==
        "x.yaml:1:8: a.b: unknown attention 'addditive'; did you mean 'additive'? " + known);
  CHECK(refusal(row, "{type: transformer}") == "x.yaml:1:8: a.b: unknown attention 'transformer'. " + known);
  CHECK(refusal(row, "{hidden: 3}") ==
        "x.yaml:1:1: a.b: has no 'type'; give one of: none, dot, concat; or {type: NAME, "
        "and its options}");
  CHECK(refusal(row, "{type: concat, hiden: 3}") ==
        "x.yaml:1:16: unknown key 'hiden' in a.b (concat); did you mean 'hidden'? Known keys: bias, hidden, type");
  CHECK(refusal(row, "{type: dot, hidden: 3}") ==
        "x.yaml:1:13: unknown key 'hidden' in a.b (dot). Known keys: type");
  CHECK(refusal(row, "{type: concat, hidden: big}") ==
        "x.yaml:1:24: a.b.hidden: expected a whole number from 0 to 65536, got \"big\"");
  CHECK(refusal(row, "{type: [dot]}") ==
        "x.yaml:1:8: a.b.type: expected one of: none, dot, concat; or {type: NAME, and "
        "its options}, got a list");
  CHECK(refusal(row, "[dot]") ==
        "x.yaml:1:1: a.b: expected one of: none, dot, concat; or {type: NAME, and its options}, got a list");
  CHECK(refusal(row, "~") ==
        "x.yaml:1:1: a.b: expected one of: none, dot, concat; or {type: NAME, and its options}, got nothing");
}

TEST_CASE("read: lists and mappings check each item") {
  OptionRow list;
  list.type = OptionRow::Type::list;
  list.inner = {integer_option("", 0, at_least(1), "", "")};
  CHECK(std::get<Value::List>(read(list, "[1, 2, 3]").data).size() == 3);
  CHECK(std::get<Value::List>(read(list, "[]").data).empty());
  CHECK(refusal(list, "[1, 0]") == "x.yaml:1:5: a.b[1]: expected a whole number >= 1, got \"0\"");
  CHECK(refusal(list, "3") == "x.yaml:1:1: a.b: expected a list, each item a whole number >= 1, got \"3\"");
  OptionRow mapping = list;
  mapping.type = OptionRow::Type::mapping;
  const Value named = read(mapping, "{z: 1, a: 2}");
  CHECK(std::get<Options>(named.data).entries()[0].name == "z");
  CHECK(std::get<Options>(named.data).integer("a") == 2);
  CHECK(std::get<Options>(read(mapping, "~").data).entries().empty());
  CHECK(refusal(mapping, "{z: x}") == "x.yaml:1:5: a.b.z: expected a whole number >= 1, got \"x\"");
  CHECK(refusal(mapping, "[1]") == "x.yaml:1:1: a.b: expected names, each with a whole number >= 1, got a list");
}

TEST_CASE("read: an optional can be empty") {
  OptionRow row = integer_option("b", 0, at_least(1), "", "");
  row.optional = true;
  CHECK(std::holds_alternative<std::monostate>(read(row, "~").data));
  CHECK(std::get<Index>(read(row, "3").data) == 3);
}

}  // namespace regard::config
