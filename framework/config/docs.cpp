#include "framework/config/docs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/json.inl"
#include "framework/base/nearest.h"
#include "framework/config/or_auto.h"
#include "framework/config/section.h"
#include "framework/config/write.h"

namespace regard::config {
namespace {

using nlohmann::json;
using Type = OptionRow::Type;

using Variants = std::vector<std::pair<std::string, std::string>>;

void describe_into(std::vector<Described>& all, const std::vector<OptionRow>& rows, const std::string& prefix,
                   const Variants& variants) {
  for (const OptionRow& row : rows) {
    const std::string key = join_key(prefix, row.name);
    all.push_back({key, variants.empty() ? "" : variants.back().second, row, variants});
    if (row.type == Type::section) describe_into(all, row.inner, key, variants);
    describe_into(all, row.map_form, key, variants);
    if (row.type != Type::tagged) continue;
    for (const Choice& choice : row.choices()) {
      Variants below = variants;
      below.emplace_back(key, choice.name);
      describe_into(all, choice.options, key, below);
    }
  }
}

json default_json(const Node& node, const OptionRow& row) {
  if (row.type == Type::list) {
    json list = json::array();
    for (const Node& item : node.items) list.push_back(default_json(item, row.inner.front()));
    return list;
  }
  const bool text = row.type == Type::text || row.type == Type::path || row.type == Type::choice;
  const bool chosen = row.or_auto && node.scalar == kAuto;
  return text || chosen ? json(node.scalar) : parse_json(node.scalar);
}

json row_schema(const OptionRow& row);

json with_keys(const std::vector<OptionRow>& rows) {
  json out = {{"type", "object"}, {"additionalProperties", false}, {"properties", json::object()}};
  for (const OptionRow& row : rows) {
    out["properties"][row.name] = row_schema(row);
    if (row.required) out["required"].push_back(row.name);
  }
  return out;
}

json tagged_schema(const OptionRow& row) {
  json names = json::array();
  json forms = json::array();
  for (const Choice& choice : row.choices()) {
    std::vector<std::string> spellings = choice.aliases;
    spellings.insert(spellings.begin(), choice.name);
    for (const std::string& spelling : spellings) names.push_back(spelling);
    json form = with_keys(choice.options);
    form["properties"]["type"] = {{"enum", spellings}, {"description", choice.summary}};
    if (choice.name != row.untyped) form["required"].push_back("type");
    forms.push_back(std::move(form));
  }
  forms.insert(forms.begin(), json{{"enum", names}});
  return {{"anyOf", forms}};
}

json number_schema(const OptionRow& row) {
  json out = {{"type", row.type == Type::integer ? "integer" : "number"}};
  if (std::isfinite(row.range.low)) out[row.range.low_open ? "exclusiveMinimum" : "minimum"] = row.range.low;
  if (std::isfinite(row.range.high)) out[row.range.high_open ? "exclusiveMaximum" : "maximum"] = row.range.high;
  if (row.or_auto) return {{"anyOf", json::array({std::move(out), {{"const", kAuto}}})}};
  return out;
}

json choice_schema(const OptionRow& row) {
  json names = json::array();
  for (const Choice& choice : row.choices()) {
    names.push_back(choice.name);
    for (const std::string& alias : choice.aliases) names.push_back(alias);
  }
  return {{"enum", names}};
}

json list_schema(const OptionRow& row) {
  json list = {{"type", "array"}, {"items", row_schema(row.inner.front())}};
  if (row.text_pattern.empty()) return list;
  const json text = {{"type", "string"}, {"pattern", row.text_pattern}};
  json forms = json::array({std::move(list), text, row_schema(row.inner.front())});
  if (!row.map_form.empty()) forms.push_back(with_keys(row.map_form));
  return {{"anyOf", std::move(forms)}};
}

json type_schema(const OptionRow& row) {
  switch (row.type) {
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::integer:
    case Type::number:
      return number_schema(row);
    case Type::text:
    case Type::path:
      return {{"type", json::array({"string", "number", "boolean"})}};  // `name: 12` is read as text
    case Type::choice:
      return choice_schema(row);
    case Type::list:
      return list_schema(row);
    case Type::mapping:
      return {{"type", "object"}, {"additionalProperties", row_schema(row.inner.front())}};
    case Type::section:
      return with_keys(row.inner);
    case Type::tagged:
      return tagged_schema(row);
    case Type::any:
      break;
  }
  return json::object();
}

json row_schema(const OptionRow& row) {
  json out = type_schema(row);
  if (row.optional || row.type == Type::section || row.type == Type::mapping) {
    out = {{"anyOf", json::array({std::move(out), {{"type", "null"}}})}};
  }
  if (!row.meaning.empty())
    out["description"] = row.unit.empty() ? row.meaning : fmt::format("{} [{}]", row.meaning, row.unit);
  const bool plain =
      row.type != Type::section && row.type != Type::mapping && row.type != Type::tagged && row.type != Type::any;
  if (plain && !row.required && !std::holds_alternative<std::monostate>(row.default_value.data)) {
    out["default"] = default_json(to_node(row.default_value), row);
  }
  return out;
}

std::string paragraph(const Described& described) {
  const OptionRow& row = described.row;
  std::string text = described.key;
  if (!described.variant.empty()) text += fmt::format(" (of {})", described.variant);
  text += fmt::format("\n  {}\n", row.meaning);
  if (row.type == Type::section) return text;
  text += fmt::format("  accepts  {}\n  default  {}\n", rule_of(row), default_text(row));
  if (!row.unit.empty()) text += fmt::format("  unit     {}\n", row.unit);
  const OptionRow& named = row.type == Type::list ? row.inner.front() : row;
  if (named.choices) {
    for (const Choice& choice : named.choices()) {
      text += fmt::format("  {:<10} {}", choice.name, choice.summary);
      for (const std::string& alias : choice.aliases) text += fmt::format(" (also: {})", alias);
      text += "\n";
    }
  }
  return text;
}

// Returns text for a cell of a table, with '|' escaped.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

}  // namespace

std::vector<Described> describe_all(const std::vector<OptionRow>& rows, const std::string& prefix) {
  std::vector<Described> all;
  describe_into(all, rows, prefix, {});
  return all;
}

std::string default_text(const OptionRow& row) {
  if (row.required) return "must be given";
  const Node node = to_node(row.default_value);
  if (node.kind == Node::Kind::null) return "none given";
  std::string text = to_yaml(node);
  text.pop_back();
  return text;
}

std::string explain(const std::vector<OptionRow>& rows, std::string_view key,
                    const std::function<std::string(const Described&)>& more) {
  const std::vector<Described> all = describe_all(rows);
  std::string text;
  std::vector<std::string> keys;
  for (const Described& described : all) {
    keys.push_back(described.key);
    const bool below = key.empty() || described.key == key || described.key.starts_with(fmt::format("{}.", key));
    if (below)
      text += fmt::format("{}{}{}", text.empty() ? "" : "\n", paragraph(described), more ? more(described) : "");
  }
  if (!text.empty()) return text;
  std::vector<std::string> ending;  // keys that end with these parts
  for (const std::string& known : keys) {
    const bool listed = std::find(ending.begin(), ending.end(), "'" + known + "'") != ending.end();
    if (known.ends_with(fmt::format(".{}", key)) && !listed) ending.push_back("'" + known + "'");
  }
  const std::string hint =
      ending.empty() ? did_you_mean(key, keys) : fmt::format("; did you mean {}?", fmt::join(ending, " or "));
  throw ConfigError(
      fmt::format("unknown key '{}'{} `regard explain` lists all keys", key, hint.empty() ? ";" : hint));
}

std::string markdown_table(const std::vector<OptionRow>& rows) {
  std::string text = "| key | accepts | default | unit | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const Described& described : describe_all(rows)) {
    const OptionRow& row = described.row;
    const std::string of = described.variant.empty() ? "" : fmt::format(" ({})", described.variant);
    const bool section = row.type == Type::section;
    text += fmt::format("| `{}`{} | {} | {} | {} | {} |\n", described.key, of, section ? "" : cell(rule_of(row)),
                        section ? "" : fmt::format("`{}`", cell(default_text(row))), cell(row.unit),
                        cell(row.meaning));
  }
  return text;
}

std::string schema(const std::vector<OptionRow>& rows) {
  json out = with_keys(rows);
  out["$schema"] = "http://json-schema.org/draft-07/schema#";
  return out.dump(2) + "\n";
}

}  // namespace regard::config
