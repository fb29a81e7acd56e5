#include "framework/experiment/upkeep/external.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/nearest.h"
#include "framework/config/yaml.h"
#include "framework/evaluation/lines.h"
#include "framework/runs/results.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

std::string chosen(const runs::DataFacts& data, const std::string& test) {
  std::vector<std::string> names;
  for (const auto& [name, facts] : data.tests) names.push_back(name);
  const auto known = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (test.empty() && names.size() == 1) return names.front();
  std::string wanted = test.empty() ? "test" : test;
  if (known(wanted)) return wanted;
  if (test.empty()) {
    throw ConfigError(
        fmt::format("the folder has several test sets; name the one that the file translates, as "
                    "NAME:TEST=FILE. It has: {}",
                    fmt::join(names, ", ")));
  }
  const std::string hint = did_you_mean(test, names);
  throw ConfigError(fmt::format("no test set is named '{}'{} The folder has: {}", test, hint.empty() ? "." : hint,
                                fmt::join(names, ", ")));
}

void refuse_names_of_the_plan(const runs::RunFolder& folder, const std::string& system) {
  const config::Node plan = config::parse_yaml(read_file(folder.resolved_plan()), folder.resolved_plan().string());
  const config::Node* systems = plan.get("systems");
  if (systems == nullptr || systems->get(system) == nullptr) return;
  throw ConfigError(
      fmt::format("a system of the plan is named '{}'; give the other program another name", system));
}

}  // namespace

void add_external(const runs::RunFolder& folder, const std::string& system, const std::string& test,
                  const std::string& file) {
  runs::require_file_name("system", system);
  refuse_names_of_the_plan(folder, system);
  const auto data = runs::from_json<runs::DataFacts>(read_file(folder.data_facts()), folder.data_facts().string());
  const std::string name = chosen(data, test);
  const evaluation::Lines lines = evaluation::read_lines(file);
  const Index sentences = data.tests.at(name).sentences;
  if (static_cast<Index>(lines.size()) != sentences) {
    throw DataError(fmt::format("{}: {} lines, but {} has {} sentences; a translation is one line a sentence",
                                file, lines.size(), name, sentences));
  }
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += lines[i].substr(i == 0 && evaluation::starts_with_mark(lines) ? 3 : 0);
    if (text.ends_with('\r')) text.pop_back();
    text += '\n';
  }
  make_folder(folder.external(system, name).parent_path());
  write_file(folder.external(system, name), text);
}

void add_externals(const runs::RunFolder& folder, const Plan& plan) {
  for (const auto& [system, files] : plan.report.external) {
    for (const auto& [test, file] : files) add_external(folder, system, test, file.expanded.string());
  }
}

void forget_externals(const runs::RunFolder& folder, const Plan& plan) {
  const auto text = read_if_exists(folder.resolved_plan());
  if (!text) return;
  const config::Node before = config::parse_yaml(*text, folder.resolved_plan().string());
  const config::Node* named = before.find("report.external");
  if (named == nullptr) return;
  for (const config::Node::Entry& system : named->entries) {
    for (const config::Node::Entry& test : system.value.entries) {
      const auto same_name = [](const std::string& name) {
        return [&name](const auto& each) { return each.first == name; };
      };
      const auto& now = plan.report.external;
      const auto kept = std::find_if(now.begin(), now.end(), same_name(system.key));
      const bool stays =
          kept != now.end() && std::any_of(kept->second.begin(), kept->second.end(), same_name(test.key));
      if (stays) continue;
      const Path file = folder.external(system.key, test.key);
      std::filesystem::remove(file);
      std::error_code in_use;  // not empty: it has translations of another test set
      std::filesystem::remove(file.parent_path(), in_use);
    }
  }
}

bool remove_external(const runs::RunFolder& folder, const std::string& system) {
  runs::require_file_name("system", system);
  return std::filesystem::remove_all(folder.externals() / system) > 0;
}

}  // namespace regard::experiment
