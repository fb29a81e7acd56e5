#include "framework/runs/registration.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <filesystem>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/config/section.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "framework/runs/results_json.h"

namespace regard::runs {
namespace {

using config::Node;

using Leaves = std::map<std::string, std::string>;

void collect(const Node& node, const std::string& key, Leaves& leaves) {
  if (node.kind != Node::Kind::map || node.entries.empty()) {
    leaves[key] = config::on_one_line(node);
    return;
  }
  for (const Node::Entry& entry : node.entries) collect(entry.value, config::join_key(key, entry.key), leaves);
}

std::vector<std::string> changes_between(const Node& before, const Node& after) {
  Leaves old;
  Leaves now;
  collect(before, "", old);
  collect(after, "", now);
  std::vector<std::string> changes;
  for (const auto& [key, value] : now) {
    const auto found = old.find(key);
    if (found == old.end()) {
      changes.push_back(fmt::format("{}: new, {}", key, value));
    } else if (found->second != value) {
      changes.push_back(fmt::format("{}: {}, now {}", key, found->second, value));
    }
  }
  for (const auto& [key, value] : old) {
    if (!now.contains(key)) changes.push_back(fmt::format("{}: {}, now left out", key, value));
  }
  return changes;
}

// Returns what is claimed, about what, on one line; "" for a plan without a claim.
std::string claim_of(const Node& resolved) {
  const Node* const claim = resolved.find("report.claim");
  if (claim == nullptr) return "";
  const Node* const baseline = resolved.find("report.baseline");
  std::string systems;
  for (const Node::Entry& system : resolved.get("systems")->entries)
    systems += (systems.empty() ? "" : ", ") + system.key;
  return fmt::format("claim: {}; baseline: {}; systems: {}; seeds: {}", config::on_one_line(*claim),
                     baseline == nullptr ? "" : baseline->scalar, systems,
                     config::on_one_line(*resolved.get("seeds")));
}

// Calls `receive` for each run that is in the folder.
template <class Receive>
void for_each_run(const RunFolder& folder, const Receive& receive) {
  for (const auto& system : std::filesystem::directory_iterator(folder.folder)) {
    if (!system.is_directory()) continue;
    for (const auto& run : std::filesystem::directory_iterator(system.path())) {
      if (run.path().filename().string().starts_with("seed-")) receive(RunPaths{run.path()});
    }
  }
}

std::map<std::string, Index> decoded_in(const RunFolder& folder) {
  std::map<std::string, Index> decoded;
  for_each_run(folder, [&](const RunPaths& run) {
    const auto manifest = read_if_exists<Manifest>(run.manifest());
    if (!manifest) return;
    for (const auto& [test, times] : manifest->decoded) decoded[test] += times > 0 ? 1 : 0;
  });
  return decoded;
}

std::string hash_of(Registration line) {
  line.hash.clear();
  return sha256(to_json(line));
}

std::string at(const RunFolder& folder, std::size_t line) {
  return fmt::format("{}:{}", folder.claim_history().string(), line + 1);
}

}  // namespace

void register_plan(const RunFolder& folder, const Node& resolved, const std::string& time) {
  const std::vector<Registration> before = registrations(folder);
  Registration line;
  line.claim = claim_of(resolved);
  if (before.empty() && line.claim.empty()) return;
  const std::string text = config::to_yaml(resolved);
  line.plan_hash = sha256(text);
  if (!before.empty() && before.back().plan_hash == line.plan_hash) return;
  line.time = time;
  const bool claimed = !before.empty() && !before.back().claim.empty();
  line.event = line.claim.empty() ? "withdrawn" : claimed ? "changed" : "registered";
  if (!line.claim.empty()) line.claim_hash = sha256(line.claim);
  if (const auto old = regard::read_if_exists(folder.resolved_plan())) {
    line.changes = changes_between(config::parse_yaml(*old, folder.resolved_plan().string()),
                                   config::parse_yaml(text, folder.resolved_plan().string()));
  }
  line.decoded = decoded_in(folder);
  if (!before.empty()) line.previous = before.back().hash;
  line.hash = hash_of(line);
  std::string json = to_json(line);
  json.pop_back();
  LineLog(folder.claim_history()).append(json);
}

std::vector<Registration> registrations(const RunFolder& folder) {
  std::vector<Registration> lines;
  for (const std::string& line : read_log(folder.claim_history()))
    lines.push_back(from_json<Registration>(line, at(folder, lines.size())));
  return lines;
}

std::vector<std::string> check_registrations(const RunFolder& folder) {
  std::vector<std::string> found;
  const auto plan = regard::read_if_exists(folder.resolved_plan());
  const bool claims = plan && !claim_of(config::parse_yaml(*plan, folder.resolved_plan().string())).empty();
  const std::vector<Registration> lines = registrations(folder);
  if (lines.empty()) {
    if (claims) found.push_back(folder.claim_history().string() + ": is missing, but the plan makes a claim");
    return found;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Registration& line = lines[i];
    if (hash_of(line) != line.hash)
      found.push_back(at(folder, i) + ": was changed: it does not have its own hash");
    if (i == 0 && !line.previous.empty()) {
      found.push_back(at(folder, i) + ": is not the first line: the lines before it are missing");
    } else if (i > 0 && line.previous != lines[i - 1].hash) {
      found.push_back(at(folder, i) +
                      ": does not follow the line before it: a line is missing, changed or in another order");
    }
  }
  if (plan && lines.back().plan_hash != sha256(*plan)) {
    found.push_back(at(folder, lines.size() - 1) +
                    ": is not about plan.resolved.yaml as it is now: the last line is missing, or the plan was "
                    "changed by hand");
  }
  // A run that was finished before the first line was written must be among those that the line counts.
  std::map<std::string, Index> earlier;
  for_each_run(folder, [&](const RunPaths& run) {
    const auto manifest = read_if_exists<Manifest>(run.manifest());
    if (!manifest || manifest->finished.empty() || manifest->finished >= lines.front().time) return;
    for (const auto& [test, times] : manifest->decoded) earlier[test] += times > 0 ? 1 : 0;
  });
  for (const auto& [test, runs] : earlier) {
    const auto decoded = lines.front().decoded.find(test);
    const Index counted = decoded == lines.front().decoded.end() ? 0 : decoded->second;
    if (counted >= runs) continue;
    found.push_back(fmt::format("{}: says that {} run{} had decoded {} at {}, but {} had", at(folder, 0), counted,
                                counted == 1 ? "" : "s", test, lines.front().time, runs));
  }
  return found;
}

std::string time_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

}  // namespace regard::runs
