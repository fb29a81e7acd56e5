#include "framework/config/options.h"
#include "framework/config/or_auto.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "framework/config/write.h"

namespace regard::config {
namespace {

using Type = OptionRow::Type;

OptionRow plain_row(std::string name, Type type, decltype(Value::data) default_value, std::string meaning) {
  OptionRow row;
  row.name = std::move(name);
  row.type = type;
  row.default_value.data = std::move(default_value);
  row.meaning = std::move(meaning);
  return row;
}

std::string bound(double number, Type type) {
  return type == Type::integer ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
}

std::string numbers(const OptionRow& row) {
  const Range& range = row.range;
  const bool low = std::isfinite(range.low);
  const bool high = std::isfinite(range.high);
  const std::string noun = row.type == Type::integer ? "a whole number" : "a number";
  if (low && high && !range.low_open && !range.high_open) {
    return fmt::format("{} from {} to {}", noun, bound(range.low, row.type), bound(range.high, row.type));
  }
  std::string rule = noun;
  if (low) rule += fmt::format(" {} {}", range.low_open ? ">" : ">=", bound(range.low, row.type));
  if (high)
    rule += fmt::format("{} {} {}", low ? " and" : "", range.high_open ? "<" : "<=", bound(range.high, row.type));
  return rule;
}

std::string names(const OptionRow& row) {
  std::string list;
  for (const Choice& choice : row.choices()) list += (list.empty() ? "" : ", ") + choice.name;
  return list.empty() ? "a name, but none is registered" : "one of: " + list;
}

struct ToNode {
  Node operator()(std::monostate) const { return make_null(); }
  Node operator()(bool value) const { return make_plain(value ? "true" : "false"); }
  Node operator()(Index value) const { return make_plain(std::to_string(value)); }
  Node operator()(double value) const { return make_plain(number_text(value)); }
  Node operator()(const std::string& value) const { return make_text(value); }
  Node operator()(const Path& value) const { return make_text(value.given); }
  Node operator()(const Node& value) const { return value; }
  Node operator()(const Value::List& value) const {
    Node list = make_list();
    for (const Value& item : value) list.items.push_back(to_node(item));
    return list;
  }
  Node operator()(const Options& value) const {
    Node map = make_map();
    for (const Options::Entry& entry : value.entries()) {
      const bool empty = std::holds_alternative<std::monostate>(entry.value.data);
      if (!empty) map.put(entry.name, to_node(entry.value));
    }
    return map;
  }
  Node operator()(const Tagged& value) const {
    if (value.options.entries().empty()) return make_text(value.name);
    Node map = make_map();
    map.put("type", make_text(value.name));
    Node options = (*this)(value.options);
    for (Node::Entry& entry : options.entries) map.put(entry.key, std::move(entry.value));
    return map;
  }
};

}  // namespace

bool Range::holds(double number) const noexcept {
  return (low_open ? number > low : number >= low) && (high_open ? number < high : number <= high);
}

OptionRow boolean_option(std::string name, bool default_value, std::string meaning) {
  return plain_row(std::move(name), Type::boolean, default_value, std::move(meaning));
}

OptionRow integer_option(std::string name, Index default_value, Range range, std::string unit,
                         std::string meaning) {
  OptionRow row = plain_row(std::move(name), Type::integer, default_value, std::move(meaning));
  row.range = range;
  row.unit = std::move(unit);
  return row;
}

OptionRow number_option(std::string name, double default_value, Range range, std::string unit,
                        std::string meaning) {
  OptionRow row = plain_row(std::move(name), Type::number, default_value, std::move(meaning));
  row.range = range;
  row.unit = std::move(unit);
  return row;
}

OptionRow text_option(std::string name, std::string default_value, std::string meaning) {
  return plain_row(std::move(name), Type::text, std::move(default_value), std::move(meaning));
}

OptionRow path_option(std::string name, std::string default_value, std::string meaning) {
  return plain_row(std::move(name), Type::path, Path(std::move(default_value)), std::move(meaning));
}

OptionRow choice_option(std::string name, std::string default_value, std::vector<Choice> choices,
                        std::string meaning) {
  OptionRow row = plain_row(std::move(name), Type::choice, std::move(default_value), std::move(meaning));
  row.choices = [choices = std::move(choices)] { return choices; };
  return row;
}

Value default_of(const OptionRow& row) {
  const auto* tagged = std::get_if<Tagged>(&row.default_value.data);
  if (tagged == nullptr || !row.choices) return row.default_value;
  Tagged filled = *tagged;
  for (const Choice& choice : row.choices()) {
    if (choice.name != tagged->name) continue;
    filled.options = defaults(choice.options);
    for (const Options::Entry& given : tagged->options.entries()) filled.options.put(given.name, given.value);
  }
  return {std::move(filled)};
}

Options defaults(const std::vector<OptionRow>& rows) {
  Options options;
  for (const OptionRow& row : rows) options.put(row.name, default_of(row));
  return options;
}

Node to_node(const Value& value) { return std::visit(ToNode{}, value.data); }

std::string rule_of(const OptionRow& row) {
  switch (row.type) {
    case Type::boolean:
      return "true or false";
    case Type::integer:
    case Type::number:
      return numbers(row) + (row.or_auto ? fmt::format(" or {}", kAuto) : "");
    case Type::text:
      return "text";
    case Type::path:
      return "a path";
    case Type::choice:
      return names(row);
    case Type::list:
      return "a list, each item " + rule_of(row.inner.front()) +
             (row.text_rule.empty() ? "" : fmt::format("; or {}", row.text_rule));
    case Type::mapping:
      return "names, each with " + rule_of(row.inner.front());
    case Type::section:
      return "keys and values";
    case Type::tagged:
      return names(row) + "; or {type: NAME, and its options}";
    case Type::any:
      break;
  }
  return "any value";
}

}  // namespace regard::config
