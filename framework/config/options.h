#pragma once
// A row declares a key: its type, default, range, unit and meaning. Reading, checking, `regard explain`, the
// documentation, the JSON schema and plan.resolved.yaml all use the rows, so nothing is written twice.
//
// A variant or plug-in lists rows in its registration and receives Options (value.h):
//   .options = {integer_option("hidden", 0, {0, 65536}, "units", "width of the inner layer")}
// Other code has a struct and binds rows to its members: option_table.h.
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "framework/base/registry.h"
#include "framework/config/tree.h"
#include "framework/config/value.h"

namespace regard::config {

// The numbers that a key accepts. {1, 8} is 1 to 8, including both.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;   // true: low itself is not accepted
  bool high_open = false;  // true: high itself is not accepted

  [[nodiscard]] bool holds(double number) const noexcept;
};
[[nodiscard]] constexpr Range any_number() { return {}; }
[[nodiscard]] constexpr Range at_least(double low) { return {.low = low}; }
[[nodiscard]] constexpr Range above(double low) { return {.low = low, .low_open = true}; }
[[nodiscard]] constexpr Range between(double low, double high) { return {.low = low, .high = high}; }
[[nodiscard]] constexpr Range below(double low, double high) {
  return {.low = low, .high = high, .high_open = true};
}

struct Choice;
using Choices = std::function<std::vector<Choice>()>;  // called when needed, because plug-ins register late

struct OptionRow {
  enum class Type : std::uint8_t {
    boolean,
    integer,
    number,
    text,
    path,
    choice,
    list,
    mapping,
    section,
    tagged,
    any
  };

  std::string name = {};
  Type type = Type::any;
  Value default_value = {};  // no value if `optional` or `required`
  bool optional = false;     // may be missing or null; then it has no value
  bool required = false;     // must be in the plan
  Range range = {};          // for numbers
  bool or_auto = false;      // a number that may also be the word `auto` (or_auto.h), which is read as text
  std::string unit = {};
  std::string meaning = {};           // when to change it, what it costs
  std::string kind = {};              // of choices: "attention"
  Choices choices = {};               // of choice and tagged
  std::string untyped = {};           // of tagged: the choice that a map without `type` means; "": none
  std::vector<OptionRow> inner = {};  // section: its keys; list, mapping: one row, for the item
  // Of a list that may also be written as one text or number, which a plan's reader turns into the list: the regular
  // expression of the text for the schema, and the words behind "or" of the rule: "ranges: 1-3,7".
  std::string text_pattern = {};
  std::string text_rule = {};
  // The keys of a map that the list may also be written as; its reader is the plan's as well.
  std::vector<OptionRow> map_form = {};
};

// One of the names that a key accepts, with its options if it is a variant.
struct Choice {
  std::string name;
  std::string summary = {};
  std::vector<std::string> aliases = {};
  std::vector<OptionRow> options = {};
};

[[nodiscard]] OptionRow boolean_option(std::string name, bool default_value, std::string meaning);
[[nodiscard]] OptionRow integer_option(std::string name, Index default_value, Range range, std::string unit,
                                       std::string meaning);
[[nodiscard]] OptionRow number_option(std::string name, double default_value, Range range, std::string unit,
                                      std::string meaning);
[[nodiscard]] OptionRow text_option(std::string name, std::string default_value, std::string meaning);
[[nodiscard]] OptionRow path_option(std::string name, std::string default_value, std::string meaning);
[[nodiscard]] OptionRow choice_option(std::string name, std::string default_value, std::vector<Choice> choices,
                                      std::string meaning);

// Returns the entries of a registry as choices, with their `options` and `aliases` if they have such members,
// after `first` ({"none", "…"}). The result can be passed to choice_of() and tagged() in option_table.h.
template <class Entry>
[[nodiscard]] Choices choices_from(Registry<Entry>& registry, std::vector<Choice> first = {}) {
  return [&registry, first = std::move(first)] {
    std::vector<Choice> choices = first;
    for (const Entry* entry : registry.entries()) {
      Choice choice{entry->name, entry->summary};
      if constexpr (requires { entry->aliases; }) choice.aliases = entry->aliases;
      if constexpr (requires { entry->options; }) choice.options = entry->options;
      choices.push_back(std::move(choice));
    }
    return choices;
  };
}

// Returns the default of a row; a tagged default includes the defaults of its variant.
[[nodiscard]] Value default_of(const OptionRow& row);
[[nodiscard]] Options defaults(const std::vector<OptionRow>& rows);

// Returns the value at `node`, checked by its row. `key` is the dotted key for messages: ConfigError
// "configs/vi.yaml:14:12: training.learning_rate: expected a number > 0, got "fast"".
[[nodiscard]] Value read_value(const Node& node, const OptionRow& row, const std::string& key);

// Returns the value as a tree, with every default if it was read by rows. A missing value becomes null.
[[nodiscard]] Node to_node(const Value& value);

// Returns what a row accepts, as the end of "expected …": "a number > 0", "one of: dot, general", "a list of
// paths".
[[nodiscard]] std::string rule_of(const OptionRow& row);

}  // namespace regard::config
