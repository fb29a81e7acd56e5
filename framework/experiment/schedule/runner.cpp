#include "framework/experiment/schedule/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "framework/config/write.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/experiment/schedule/match.h"
#include "framework/experiment/schedule/memory_need.h"
#include "framework/experiment/schedule/pool.h"
#include "framework/experiment/schedule/tune.h"
#include "framework/experiment/schedule/worker.h"
#include "framework/experiment/upkeep/external.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

void say(const std::function<void(const std::string&)>& hook, const std::string& sentence) {
  if (hook) hook(sentence);
}

// The plan's folder. One that was not there is taken away again unless keep() is called, so that a mistake in the
// text leaves nothing behind.
class NewFolder {
 public:
  explicit NewFolder(const runs::RunFolder& folder) : folder_(folder) {
    for (Path at = std::filesystem::absolute(folder.folder).lexically_normal(); !std::filesystem::exists(at);
         at = at.parent_path())
      made_.push_back(at);
    make_folder(folder.folder);
  }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder() {
    std::error_code ignored;
    if (is_new()) std::filesystem::remove_all(folder_.data(), ignored);
    if (is_new()) std::filesystem::remove(folder_.folder / ".lock", ignored);
    for (const Path& path : made_) std::filesystem::remove(path, ignored);
  }

  [[nodiscard]] bool is_new() const { return !made_.empty(); }
  void keep() { made_.clear(); }

 private:
  runs::RunFolder folder_;
  std::vector<Path> made_;  // innermost first
};

// The candidates of a plan that tunes, in FOLDER/tune, and what they say. `summary` is theirs; where it says that
// they were interrupted, or one of them failed otherwise than by diverging, nothing is chosen.
std::optional<runs::Tuning> tune(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks,
                                 RunSummary& summary) {
  const runs::RunFolder folder{request.folder};
  const Plan candidates = tuning_plan(plan);
  RunRequest inner = request;
  inner.folder = folder.tune().string();
  inner.plan_text.clear();
  inner.only.clear();
  for (const System& system : candidates.systems) {
    const bool wanted = request.only.empty() ||
                        std::any_of(request.only.begin(), request.only.end(),
                                    [&](const std::string& name) { return system.name.starts_with(name + "-"); });
    if (wanted) inner.only.push_back(system.name);
  }
  say(hooks.note, fmt::format("tuning: {} candidates with {} seeds each, on the validation set alone",
                              inner.only.size(), candidates.seeds.size()));
  summary = run_plan(candidates, inner, hooks);
  if (summary.interrupted) return std::nullopt;
  summary.unchosen = unfinished_candidate(candidates, {inner.folder}, inner.only);
  if (!summary.unchosen.empty()) return std::nullopt;
  runs::Tuning found = choose(plan, {inner.folder}, request.only);
  write_file(folder.tuning(), to_json(found));
  for (const runs::TunedSystem& system : found.systems) {
    const runs::TunedPoint& chosen = system.points[static_cast<std::size_t>(system.chosen)];
    std::string values;
    for (const auto& [key, value] : chosen.values)
      values += fmt::format("{}{} {}", values.empty() ? "" : ", ", key, value);
    say(hooks.note, fmt::format("tuning: {} takes {}: validation {} {:.4g}, the best of {}", system.name, values,
                                found.metric, chosen.mean, system.points.size()));
  }
  return found;
}

bool is_wanted(const RunRequest& request, const System& system) {
  const auto& only = request.only;
  return only.empty() || std::find(only.begin(), only.end(), system.name) != only.end();
}

// ConfigError where one of these systems needs more memory for its training than there is.
template <class IsDue>
void require_memory(const Plan& plan, const Corpora& corpora, const IsDue& is_due) {
  for (const System& system : plan.systems) {
    const std::string why = is_due(system) ? too_little_memory(plan, system, corpora) : "";
    if (!why.empty()) throw ConfigError(why);
  }
}

// The runs of a plan that has nothing left to choose. The folder is locked and `corpora`, if any, are the plan's.
RunSummary run_chosen(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks,
                      std::optional<Corpora> corpora) {
  const runs::RunFolder folder{request.folder};
  ContentHashes hashes;
  std::vector<RunName> pending;
  std::vector<ResumeState> stands;
  std::vector<std::size_t> places;
  runs::PlanProgress progress;
  progress.plan = plan.name;
  std::vector<runs::RunPaths> finished;
  for (const Index seed : plan.seeds) {
    for (const System& system : plan.systems) {
      if (!is_wanted(request, system)) continue;
      runs::RunProgress& run = progress.runs.emplace_back();
      run.system = system.name;
      run.seed = seed;
      const ResumeState stand = resume_state_of(plan, system, seed, folder, request.retrain, hashes);
      run.state = stand == ResumeState::finished ? runs::ProgressState::finished : runs::ProgressState::waiting;
      if (stand == ResumeState::finished) {
        finished.push_back(folder.run(system.name, seed));
        continue;
      }
      const bool begins = stand == ResumeState::discarded || !is_begun(folder.run(system.name, seed));
      if (begins) require_input_files(system);
      pending.emplace_back(system.name, seed);
      stands.push_back(stand);
      places.push_back(progress.runs.size() - 1);
    }
  }
  for (const std::string& warning : plan.warnings) say(hooks.warning, warning);
  if (!pending.empty() || !data_stands(folder)) {  // the report needs the data too
    if (!corpora) corpora = load_corpora(plan, folder);
    for (const std::string& warning : warnings(plan, *corpora)) say(hooks.warning, warning);
    require_memory(plan, *corpora, [&](const System& system) {
      return std::any_of(pending.begin(), pending.end(),
                         [&](const RunName& run) { return run.first == system.name; });
    });
    write_data(plan, folder, *corpora, finished);
  }
  corpora.reset();  // each run loads its own
  for (std::size_t at = 0; at < pending.size(); ++at) {
    clear(folder.run(pending[at].first, pending[at].second), stands[at]);
  }
  write_plan(plan, request.plan_text, folder);
  add_externals(folder, plan);
  const std::string equal = runs::budget_summary(plan.budget, plan.report.baseline);
  if (!equal.empty()) say(hooks.note, "held equal: " + equal);
  Pool pool(request, hooks, pending, std::move(progress), std::move(places));
  if (hooks.planned) hooks.planned(pending, static_cast<Index>(finished.size()), pool.jobs(), pool.threads_each());
  return pool();
}

}  // namespace

void write_plan(const Plan& plan, const std::string& text, const runs::RunFolder& folder) {
  std::vector<std::string> names;
  if (!plan.plugins.empty()) make_folder(folder.plugins());
  for (const plugins::Plugin& plugin : plan.plugins) {
    const Path copy = folder.plugin(plugin.name, plugin.sha256);
    names.push_back(copy.filename().string());
    if (!std::filesystem::exists(copy)) write_file(copy, read_file(plugin.file));
  }
  if (!text.empty()) write_file(folder.plan(), text);
  write_file(folder.resolved_plan(), config::to_yaml(plan.resolved));
  if (!std::filesystem::exists(folder.plugins())) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder.plugins())) {
    if (std::find(names.begin(), names.end(), entry.path().filename().string()) != names.end()) continue;
    std::error_code in_use;  // what cannot be removed does no harm
    std::filesystem::remove(entry.path(), in_use);
  }
}

RunSummary run_plan(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks) {
  const runs::RunFolder folder{request.folder};
  for (const std::string& name : request.only) static_cast<void>(system_named(plan, name));
  watch_for_stop();
  NewFolder made(folder);
  std::optional<Corpora> corpora;
  const FolderLock lock(folder.folder);
  if (made.is_new()) {
    for (const System& system : plan.systems) {
      if (is_wanted(request, system)) require_input_files(system);
    }
    corpora = load_corpora(plan, folder);
    // Widths that are still to be chosen are looked at when they are.
    if (plan.tune.grid.empty() && !plan.budget.parameters) {
      require_memory(plan, *corpora, [&](const System& system) { return is_wanted(request, system); });
    }
  }
  made.keep();
  if (lock.died()) {
    say(hooks.warning,
        fmt::format("{}: process {} on host {}, at work here since {}, was killed; what it saved is gone on "
                    "from",
                    folder.folder.string(), lock.died()->process, lock.died()->host, lock.died()->since));
  }
  Plan now = plan;
  if (!plan.tune.grid.empty()) {
    RunSummary summary;
    const auto found = tune(plan, request, hooks, summary);
    if (!found) return summary;
    now = tuned(plan, *found);
  }
  if (now.budget.parameters) {
    if (!corpora) corpora = load_corpora(plan, folder);
    now = matched(now, *corpora);
  }
  return run_chosen(now, request, hooks, std::move(corpora));
}

}  // namespace regard::experiment
