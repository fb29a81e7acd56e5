#include "framework/report/joined.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "framework/base/errors.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"

namespace regard::report {
namespace {

using runs::Results;
using runs::Run;
using runs::SystemFacts;
using runs::TestSet;

using Keys = std::map<std::string, std::string>;

const TestSet* find_test(const Results& results, const std::string& name) {
  for (const TestSet& test : results.tests) {
    if (test.name == name) return &test;
  }
  return nullptr;
}

void require_equal_data(const Results& first, const Results& other) {
  for (const auto& [text, what] : {std::pair{"train.source", "training"}, std::pair{"train.target", "training"},
                                   std::pair{"valid", "validation"}}) {
    const auto ours = first.data.hashes.find(text);
    const auto theirs = other.data.hashes.find(text);
    const bool known = ours != first.data.hashes.end() && theirs != other.data.hashes.end();
    if (!known || ours->second == theirs->second) continue;
    throw FolderError(fmt::format(
        "{} and {}: have different {} text, so a difference between their systems could come from it; give "
        "folders of the same data",
        first.folder.string(), other.folder.string(), what));
  }
  for (const TestSet& test : first.tests) {
    const TestSet* const theirs = find_test(other, test.name);
    if (theirs == nullptr) continue;
    const bool same =
        theirs->source == test.source && theirs->target == test.target && theirs->tokenized == test.tokenized;
    if (same) continue;
    throw FolderError(fmt::format("{} and {}: have different sentences in the test set {}", first.folder.string(),
                                  other.folder.string(), test.name));
  }
}

std::string names_of_tests(const Results& results) {
  std::vector<std::string> names;
  for (const TestSet& test : results.tests) names.push_back(test.name);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

std::vector<TestSet> common_tests(const std::vector<Results>& plans) {
  std::vector<TestSet> common;
  for (const TestSet& test : plans.front().tests) {
    const auto has = [&](const Results& plan) { return find_test(plan, test.name) != nullptr; };
    if (std::all_of(plans.begin(), plans.end(), has)) common.push_back(test);
  }
  if (!common.empty()) return common;
  std::string all;
  for (const Results& plan : plans)
    all += fmt::format("{}{} has {}", all.empty() ? "" : "; ", plan.folder.string(), names_of_tests(plan));
  throw FolderError(fmt::format("the folders have no common test set: {}", all));
}

// Returns what a plan says of all its systems.
Keys shared_keys(const Results& plan) {
  Keys keys = config::by_dotted_key(config::parse_yaml(plan.plan.text, "plan.resolved.yaml"));
  const auto is_of_the_plan_alone = [](const std::string& key) {
    for (const char* part : {"name", "systems", "seeds", "report", "tune"}) {
      if (key == part || key.starts_with(fmt::format("{}.", part))) return true;
    }
    return false;
  };
  std::erase_if(keys, [&](const auto& entry) { return is_of_the_plan_alone(entry.first); });
  return keys;
}

// Adds the keys whose values differ between the plans to the differences of each system.
void add_differences(std::vector<Results>& plans) {
  std::vector<Keys> keys;
  std::set<std::string> all;
  for (const Results& plan : plans) {
    keys.push_back(shared_keys(plan));
    for (const auto& [key, value] : keys.back()) all.insert(key);
  }
  const auto value = [](const Keys& of, const std::string& key) {
    const auto found = of.find(key);
    return found == of.end() ? std::string("not given") : found->second;
  };
  for (const std::string& key : all) {
    const auto is_equal = [&](const Keys& other) { return value(other, key) == value(keys.front(), key); };
    if (std::all_of(keys.begin(), keys.end(), is_equal)) continue;
    for (std::size_t p = 0; p < plans.size(); ++p) {
      for (SystemFacts& system : plans[p].plan.systems) {
        const auto is_set = [&](const auto& difference) {
          return difference.first == key || key.starts_with(difference.first + ".");
        };
        if (system.external || std::any_of(system.differences.begin(), system.differences.end(), is_set)) continue;
        system.differences.emplace_back(key, value(keys[p], key));
      }
    }
  }
}

// Returns what tells the plans apart: their names, or the names of their folders, or the folders as given.
std::vector<std::string> labels_of(const std::vector<Results>& plans) {
  const auto all = [&](auto label) {
    std::vector<std::string> labels;
    for (const Results& plan : plans) labels.push_back(label(plan));
    return labels;
  };
  const auto folder_name = [](const Results& plan) {
    const Path folder = std::filesystem::absolute(plan.folder).lexically_normal();
    return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  };
  for (std::vector<std::string> labels :
       {all([](const Results& plan) { return plan.plan.name; }), all(folder_name)}) {
    if (std::set<std::string>(labels.begin(), labels.end()).size() == labels.size()) return labels;
  }
  return all([](const Results& plan) { return plan.folder.string(); });
}

// Gives each system a name of its own among all plans.
void rename_systems(std::vector<Results>& plans) {
  std::map<std::string, int> uses;
  for (const Results& plan : plans) {
    for (const SystemFacts& system : plan.plan.systems) ++uses[system.name];
  }
  const std::vector<std::string> labels = labels_of(plans);
  for (std::size_t p = 0; p < plans.size(); ++p) {
    const auto rename = [&](std::string& name) {
      const auto found = uses.find(name);
      if (found != uses.end() && found->second > 1) name = fmt::format("{}: {}", labels[p], name);
    };
    for (SystemFacts& system : plans[p].plan.systems) rename(system.name);
    for (Run& run : plans[p].runs) {
      rename(run.system);
      if (run.interventions) rename(run.interventions->other);
    }
    rename(plans[p].plan.baseline);
  }
}

}  // namespace

void use_baseline(Results& results, const std::string& name) {
  std::vector<std::string> names;
  for (const SystemFacts& system : results.plan.systems) names.push_back(system.name);
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw ConfigError(fmt::format("--baseline: {}", runs::unknown_system(name, names)));
  if (name == results.plan.baseline) return;
  results.plan.planned_baseline = results.plan.baseline;
  results.plan.baseline = name;
}

Results joined(std::vector<Results> plans) {
  check(plans.size() > 1, "at least two folders are joined");
  for (const Results& plan : plans) {
    if (!plan.plan.decodes_tests) {
      throw FolderError(
          fmt::format("{}: its plan decodes no test set (decoding.test: never), so it cannot be compared",
                      plan.folder.string()));
    }
  }
  for (std::size_t p = 1; p < plans.size(); ++p) require_equal_data(plans.front(), plans[p]);
  std::vector<TestSet> tests = common_tests(plans);
  add_differences(plans);
  rename_systems(plans);

  Results all = std::move(plans.front());
  all.tests = std::move(tests);
  std::erase_if(all.data.tests, [&](const auto& test) { return find_test(all, test.first) == nullptr; });
  all.tuning.reset();
  all.decisions.reset();
  all.registrations.clear();
  all.plan.claim = {};
  all.plan.seeds_wanted.clear();
  all.joined.emplace_back(all.folder.string(), all.plan.text);
  for (std::size_t p = 1; p < plans.size(); ++p) {
    Results& other = plans[p];
    all.joined.emplace_back(other.folder.string(), other.plan.text);
    all.plan.name += fmt::format(" + {}", other.plan.name);
    if (all.plan.budget_summary != other.plan.budget_summary) all.plan.budget_summary.clear();
    for (const Index seed : other.plan.seeds) {
      if (std::find(all.plan.seeds.begin(), all.plan.seeds.end(), seed) == all.plan.seeds.end())
        all.plan.seeds.push_back(seed);
    }
    std::move(other.plan.systems.begin(), other.plan.systems.end(), std::back_inserter(all.plan.systems));
    std::move(other.runs.begin(), other.runs.end(), std::back_inserter(all.runs));
  }
  for (Run& run : all.runs)
    std::erase_if(run.scores.tests, [&](const auto& test) { return find_test(all, test.first) == nullptr; });
  return all;
}

}  // namespace regard::report
