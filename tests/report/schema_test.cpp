// results.json against framework/report/results.schema.json, by as much of JSON Schema as that file uses.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/report/report.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
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

std::string checked(const fixture::Options& options, void (*change)(Json&) = nullptr) {
  const fixture::TemporaryFolder folder;
  fixture::write_run_folder(folder.path(), options);
  (void)make_report(folder.path(), {"no-such-gnuplot"});
  Json results = Json::parse(read_file(folder.path() / "report" / "results.json"));
  if (change != nullptr) change(results);
  const Json schema = Json::parse(read_file(REGARD_RESULTS_SCHEMA));
  return wrong(results, schema, schema, "results");
}

fixture::Options small() {
  fixture::Options options;
  options.systems = {"vanilla", "dot"};
  options.seeds = {1, 2};
  options.sentences = 12;
  return options;
}

}  // namespace

TEST_CASE("results schema: a report's results fit it with several seeds and with one") {
  CHECK(checked(small()).empty());
  fixture::Options one = small();
  one.seeds = {1};
  CHECK(checked(one).empty());
}

TEST_CASE("results schema: what it does not name is noticed") {
  CHECK(checked(small(), [](Json& results) { results["systems"][1]["minutes"] = 3; }) ==
        "results.systems[1].minutes: is not in the schema");
  CHECK(checked(small(), [](Json& results) { results["comparisons"][0].erase("verdict"); }) ==
        "results.comparisons[0]: lacks verdict");
}

}  // namespace regard::report
