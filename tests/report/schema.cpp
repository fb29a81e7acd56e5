#include "tests/report/schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/files.h"

namespace regard::test {
namespace {

using Json = nlohmann::json;

bool is_of(const Json& value, const std::string& type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_boolean();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

bool has_type(const Json& value, const Json& types) {
  if (types.is_string()) return is_of(value, types.get<std::string>());
  return std::any_of(types.begin(), types.end(),
                     [&](const Json& type) { return is_of(value, type.get<std::string>()); });
}

// The first thing that is wrong, or "".
std::string wrong(const Json& value, const Json& rule, const Json& root, const std::string& at) {
  if (rule.contains("$ref")) {
    const std::string name = rule["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
    return wrong(value, root["$defs"][name], root, at);
  }
  if (rule.contains("const") && value != rule["const"]) return at + ": is not the constant";
  if (rule.contains("enum") && std::find(rule["enum"].begin(), rule["enum"].end(), value) == rule["enum"].end()) {
    return at + ": is none of the values";
  }
  if (rule.contains("type") && !has_type(value, rule["type"])) return at + ": is of another type";
  for (const Json& key : rule.value("required", Json::array())) {
    if (!value.contains(key.get<std::string>())) return fmt::format("{}: lacks {}", at, key.get<std::string>());
  }
  if (value.is_array() && rule.contains("items")) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string found = wrong(value[i], rule["items"], root, fmt::format("{}[{}]", at, i));
      if (!found.empty()) return found;
    }
  }
  if (!value.is_object()) return "";
  for (const auto& [key, item] : value.items()) {
    const std::string below = at + "." + key;
    const bool named = rule.contains("properties") && rule["properties"].contains(key);
    const Json other = rule.value("additionalProperties", Json(true));
    if (!named && other == Json(false)) return below + ": is not in the schema";
    if (!named && other.is_boolean()) continue;
    const std::string found = wrong(item, named ? rule["properties"][key] : other, root, below);
    if (!found.empty()) return found;
  }
  return "";
}

}  // namespace

std::string against_schema(const Json& value, const std::string& file, const std::string& name) {
  const Json schema = Json::parse(read_file(file));
  return wrong(value, schema, schema, name);
}

}  // namespace regard::test
