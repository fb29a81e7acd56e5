#include "framework/experiment/upkeep/clean.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "framework/runs/results.h"

namespace regard::experiment {
namespace {

std::uintmax_t size_of(const Path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return std::filesystem::file_size(path, ignored);
  std::uintmax_t sum = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) sum += entry.file_size(ignored);
  }
  return sum;
}

bool is_run(const Path& folder) { return std::filesystem::exists(runs::RunPaths{folder}.identity()); }

// Adds the runs in `folder` that its plan does not have.
void add_other_runs(const Path& folder, std::vector<Leftover>& leftovers) {
  const runs::PlanFacts plan = runs::plan_facts(folder);
  std::set<std::string> systems;
  std::set<std::string> seeds;
  for (const runs::SystemFacts& system : plan.systems) systems.insert(system.name);
  for (const Index seed : plan.all_seeds) seeds.insert(fmt::format("seed-{}", seed));
  const auto add = [&leftovers](const Path& path, const char* why) {
    leftovers.push_back({path, why, size_of(path)});
  };
  for (const auto& system : std::filesystem::directory_iterator(folder)) {
    if (!system.is_directory()) continue;
    for (const auto& run : std::filesystem::directory_iterator(system.path())) {
      if (!run.is_directory() || !is_run(run.path())) continue;  // not a run folder
      if (!systems.contains(system.path().filename().string())) {
        add(run.path(), "the plan has no such system");
      } else if (!seeds.contains(run.path().filename().string())) {
        add(run.path(), "the plan has no such seed");
      }
    }
  }
}

}  // namespace

std::vector<Leftover> leftovers_in(const Path& folder) {
  std::vector<Leftover> leftovers;
  add_other_runs(folder, leftovers);
  const Path tune = runs::RunFolder{folder}.tune();
  if (std::filesystem::exists(runs::RunFolder{tune}.resolved_plan())) add_other_runs(tune, leftovers);
  const auto inside = [&leftovers](const Path& path) {
    return std::any_of(leftovers.begin(), leftovers.end(), [&](const Leftover& other) {
      return path.string().starts_with(other.path.string() + "/");
    });
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const bool partial = entry.path().filename().string().ends_with(kPartialSuffix);
    if (entry.is_regular_file() && partial && !inside(entry.path()))
      leftovers.push_back({entry.path(), "incomplete, because its writer was killed", size_of(entry.path())});
  }
  std::sort(leftovers.begin(), leftovers.end(),
            [](const Leftover& a, const Leftover& b) { return a.path < b.path; });
  return leftovers;
}

void remove_leftovers(const Path& folder, const std::vector<Leftover>& leftovers) {
  const FolderLock lock(folder);
  for (const Leftover& item : leftovers) {
    std::error_code error;
    std::filesystem::remove_all(item.path, error);
    if (error)
      throw FolderError(fmt::format("{}: cannot be removed: {}", item.path.string(), cause_of(error.value())));
    if (std::filesystem::is_empty(item.path.parent_path(), error))
      std::filesystem::remove(item.path.parent_path(), error);
  }
}

}  // namespace regard::experiment
