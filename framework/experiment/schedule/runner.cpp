#include "framework/experiment/schedule/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "framework/base/sha256.h"
#include "framework/config/write.h"
#include "framework/experiment/data/data_folder.h"
#include "framework/experiment/data/warnings.h"
#include "framework/experiment/plan/relative_paths.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/experiment/run/tensorboard.h"
#include "framework/experiment/schedule/match.h"
#include "framework/experiment/schedule/memory_need.h"
#include "framework/experiment/schedule/pool.h"
#include "framework/experiment/schedule/rounds.h"
#include "framework/experiment/schedule/tune.h"
#include "framework/experiment/schedule/worker.h"
#include "framework/experiment/upkeep/external.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

void say(const std::function<void(const std::string&)>& hook, const std::string& sentence) {
  if (hook) hook(sentence);
}

// Makes the plan's folder if it does not exist. Removes a new folder at the end unless keep() is called, so that a
// mistake in the text leaves no folder.
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

bool is_wanted(const RunRequest& request, const System& system) {
  const auto& only = request.only;
  return only.empty() || std::find(only.begin(), only.end(), system.name) != only.end();
}

void say_choices(const runs::Tuning& tuning, const RunnerHooks& hooks) {
  for (const runs::TunedSystem& system : tuning.systems) {
    const runs::TunedPoint& chosen = system.points[static_cast<std::size_t>(system.chosen)];
    std::string values;
    for (const auto& [key, value] : chosen.values)
      values += fmt::format("{}{} {}", values.empty() ? "" : ", ", key, value);
    say(hooks.note, fmt::format("tuning: {} uses {}: validation {} {:.4g}, the best of {}", system.name, values,
                                tuning.metric, chosen.mean, system.points.size()));
    for (const std::string& end : system.ends)
      say(hooks.warning, fmt::format("tuning: {} uses {}; a better value may lie beyond it", system.name, end));
  }
}

// Runs the candidates of a tuning in FOLDER/tune, step by step, and returns the chosen values. `summary` is that of the
// candidates. Returns nothing if they were interrupted, or if one of them failed for a reason other than divergence.
std::optional<runs::Tuning> tune(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks,
                                 RunSummary& summary) {
  const runs::RunFolder folder{request.folder};
  const runs::RunFolder tuning{folder.tune()};
  const std::vector<Index> steps = steps_of(plan);
  RunRequest inner = request;
  inner.folder = tuning.folder.string();
  inner.plan_text.clear();
  for (std::size_t step = 0; step < steps.size(); ++step) {
    OwnEpochs own = epochs_now(plan, tuning);
    inner.only.clear();
    std::size_t taking = 0;
    for (const System& system : plan.systems) {
      if (!is_wanted(request, system)) continue;
      for (std::string& name : taking_part(plan, tuning, system.name, step)) {
        ++taking;
        if (is_beyond(plan, own, name, step)) continue;
        own.erase(name);
        inner.only.push_back(std::move(name));
      }
    }
    const Plan candidates = tuning_plan(plan, step, own);
    const std::string length =
        steps.size() == 1 ? "" : fmt::format(", {} epoch{}", steps[step], steps[step] == 1 ? "" : "s");
    say(hooks.note, fmt::format("tuning: {} candidates with {} seed{} each{}, on the validation set only", taking,
                                candidates.seeds.size(), candidates.seeds.size() == 1 ? "" : "s", length));
    if (inner.only.empty()) continue;  // an empty list would mean all
    const RunSummary done = run_plan(candidates, inner, hooks);
    summary.done += done.done;
    summary.failed += done.failed;
    summary.interrupted = done.interrupted;
    if (summary.interrupted) return std::nullopt;
    summary.unchosen = unfinished_candidate(candidates, tuning, inner.only);
    if (!summary.unchosen.empty()) return std::nullopt;
  }
  // The choice of a system that is not wanted now is kept.
  std::vector<std::string> choosing;
  for (const System& system : plan.systems) {
    if (is_wanted(request, system) || is_tuned(plan, tuning, system.name)) choosing.push_back(system.name);
  }
  runs::Tuning found = choose(plan, tuning, choosing);
  write_file(folder.tuning(), to_json(found));
  say_choices(found, hooks);
  return found;
}

// Returns the hash of data.json in a run's manifest; "" if there is none.
std::string data_hash_of(const runs::RunPaths& run) {
  const auto manifest = runs::read_if_exists<runs::Manifest>(run.manifest());
  return manifest ? manifest->data_hash : std::string();
}

// Returns whether data/ is complete and is the data that each of the runs used.
bool data_is_of(const std::vector<runs::RunPaths>& finished, const runs::RunFolder& folder) {
  if (!data_is_complete(folder)) return false;
  const std::string now = sha256_file(folder.data_facts());
  return std::all_of(finished.begin(), finished.end(), [&](const runs::RunPaths& run) {
    const std::string then = data_hash_of(run);
    return then.empty() || then == now;
  });
}

// Returns the parts of data/ that no kept run uses. A run that used other data does not use them. With --retrain only
// the plan's runs count, else all runs in the folder.
Replaced replaced_by(const Plan& plan, const RunRequest& request,
                     const std::vector<std::pair<runs::RunPaths, ResumeState>>& pending) {
  const runs::RunFolder folder{request.folder};
  const std::string now =
      std::filesystem::exists(folder.data_facts()) ? sha256_file(folder.data_facts()) : std::string();
  Replaced replaced{.training = true, .tests = true};
  const auto count = [&](const runs::RunPaths& run) {
    if (!std::filesystem::exists(run.identity())) return;
    if (const std::string then = data_hash_of(run); !then.empty() && then != now) return;
    const auto found = std::find_if(pending.begin(), pending.end(),
                                    [&](const auto& each) { return each.first.folder == run.folder; });
    const bool again = found != pending.end() && found->second == ResumeState::discarded;
    replaced.training = replaced.training && again;
    replaced.tests = replaced.tests && (again || (found != pending.end() && found->second == ResumeState::stale));
  };
  for (const System& system : plan.systems) {
    for (const Index seed : plan.seeds) count(folder.run(system.name, seed));
  }
  if (request.retrain) return replaced;
  for (const auto& system : std::filesystem::directory_iterator(folder.folder)) {
    if (!system.is_directory()) continue;
    for (const auto& run : std::filesystem::directory_iterator(system.path())) count(runs::RunPaths{run.path()});
  }
  return replaced;
}

// FolderError for translations of a test set that is no longer in the plan, unless --retrain allows to remove them.
void require_tests_kept(const Plan& plan, const Corpora& corpora, const RunRequest& request,
                        const std::vector<std::pair<runs::RunPaths, ResumeState>>& pending) {
  if (request.retrain) return;
  const bool never = plan.systems.front().decoding.test == decoding::TestSets::never;
  for (const auto& [run, state] : pending) {
    const auto translated = runs::read_if_exists<runs::Scores>(run.scores());
    if (!translated) continue;
    for (const auto& entry : translated->tests) {
      const std::string& test = entry.first;
      const auto& tests = corpora.prepared.tests;
      const bool named =
          std::any_of(tests.begin(), tests.end(), [&](const auto& each) { return each.name == test; });
      if (named && !never) continue;
      throw FolderError(
          fmt::format("{}: has translations of test set '{}', which the plan no longer {}; keep them with --out "
                      "FOLDER, or discard them with --retrain, which trains nothing for it",
                      run.folder.string(), test, never ? "decodes (decoding.test: never)" : "has"));
    }
  }
}

// All runs of the wanted systems, in the first round.
std::vector<RunName> wanted_runs(const Plan& plan, const RunRequest& request) {
  std::vector<RunName> runs;
  for (const System& system : plan.systems) {
    for (Index k = 0; k < decision_plan(plan).first; ++k) {
      if (is_wanted(request, system)) runs.emplace_back(system.name, plan.seeds[static_cast<std::size_t>(k)]);
    }
  }
  return runs;
}

// Event files of runs that were finished without them: what they show is in the runs' folders.
void write_missing_events(const std::vector<runs::RunPaths>& finished, const RunnerHooks& hooks) {
  Index count = 0;
  for (const runs::RunPaths& run : finished) {
    if (std::filesystem::exists(run.events())) continue;
    write_events(run);
    ++count;
  }
  if (count > 0)
    say(hooks.note,
        fmt::format("report.tensorboard: wrote the event files of {} finished run{} from their histories", count,
                    count == 1 ? "" : "s"));
}

// Does the runs of a plan that has nothing left to choose, or those of one round of it (`decisions`). The folder is
// locked and `corpora`, if any, are the plan's. Notes in `rounds` which runs were tried.
RunSummary run_chosen(const Plan& plan, RunRequest request, const RunnerHooks& hooks,
                      std::optional<Corpora> corpora, const std::optional<runs::Decisions>& decisions,
                      ContentHashes& hashes, Rounds& rounds) {
  const runs::RunFolder folder{request.folder};
  std::vector<RunName> pending;
  std::vector<std::pair<runs::RunPaths, ResumeState>> states;
  std::vector<std::size_t> places;
  runs::PlanProgress progress;
  progress.plan = plan.name;
  std::vector<runs::RunPaths> finished;
  for (const Index seed : plan.seeds) {
    for (const System& system : plan.systems) {
      const std::vector<Index> seeds = seeds_of(plan, system, decisions);
      if (!is_wanted(request, system) || std::find(seeds.begin(), seeds.end(), seed) == seeds.end()) continue;
      runs::RunProgress& run = progress.runs.emplace_back();
      run.system = system.name;
      run.seed = seed;
      const ResumeState state = resume_state_of(plan, system, seed, folder, request.retrain, hashes);
      run.state = state == ResumeState::finished ? runs::ProgressState::finished : runs::ProgressState::waiting;
      if (state != ResumeState::finished && rounds.was_tried(system.name, seed)) {
        run.state = runs::ProgressState::failed;
        continue;
      }
      rounds.note_tried(system.name, seed);
      if (state == ResumeState::finished) {
        finished.push_back(folder.run(system.name, seed));
        continue;
      }
      const bool begins = state == ResumeState::discarded || !is_begun(folder.run(system.name, seed));
      if (begins) require_input_files(plan, system);
      pending.emplace_back(system.name, seed);
      states.emplace_back(folder.run(system.name, seed), state);
      places.push_back(progress.runs.size() - 1);
    }
  }
  for (const std::string& warning : plan.warnings) say(hooks.warning, warning);
  if (!pending.empty() || !data_is_of(finished, folder)) {  // the report needs the data too
    if (!corpora) corpora = load_corpora(plan, folder);
    for (const std::string& warning : warnings(plan, *corpora)) say(hooks.warning, warning);
    request.jobs = require_memory(plan, *corpora, request, pending);
    require_tests_kept(plan, *corpora, request, states);
    write_data(plan, folder, *corpora, finished, replaced_by(plan, request, states));
  }
  corpora.reset();  // each run loads its own
  runs::register_plan(folder, plan.resolved, runs::time_now());
  for (const auto& [run, state] : states) clear(run, state);
  forget_externals(folder, plan);
  write_plan(plan, request.plan_text, folder);
  write_decisions(folder, decisions);
  add_externals(folder, plan);
  if (plan.report.tensorboard) write_missing_events(finished, hooks);
  for (const auto& [system, seed] : pending)
    static_cast<void>(hashes.of(input_files(plan, system_named(plan, system))));  // once for all workers
  if (!pending.empty()) hashes.write(folder);
  const std::string equal = runs::budget_summary(plan.budget, plan.report.baseline);
  if (!equal.empty()) say(hooks.note, "equal for all systems: " + equal);
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
  write_file(folder.plan_folder(), plan_folder_text(folder.folder, plan.folder));  // before the plan that needs it
  write_file(folder.resolved_plan(), config::to_yaml(plan.resolved));
  if (!std::filesystem::exists(folder.plugins())) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder.plugins())) {
    if (std::find(names.begin(), names.end(), entry.path().filename().string()) != names.end()) continue;
    std::error_code in_use;  // a file that cannot be removed does no harm
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
      if (is_wanted(request, system)) require_input_files(plan, system);
    }
    corpora = load_corpora(plan, folder);
    // Widths that are still to be chosen are looked at when they are.
    if (plan.tune.empty() && !plan.budget.parameters)
      static_cast<void>(require_memory(plan, *corpora, request, wanted_runs(plan, request)));
  }
  made.keep();
  if (lock.died()) {
    say(hooks.warning,
        fmt::format(
            "{}: process {} on host {}, which worked here since {}, was killed; its runs resume from their "
            "last checkpoints",
            folder.folder.string(), lock.died()->process, lock.died()->host, lock.died()->since));
  }
  Plan now = plan;
  if (!plan.tune.empty()) {
    RunSummary summary;
    const auto found = tune(plan, request, hooks, summary);
    if (!found) return summary;
    now = tuned(plan, *found);
  }
  if (now.budget.parameters) {
    if (!corpora) corpora = load_corpora(plan, folder);
    now = matched(now, *corpora);
  }
  const RunSummary summary =
      run_rounds(now, request, hooks, [&](const auto& decisions, auto& hashes, Rounds& rounds) {
        return run_chosen(now, request, hooks, std::exchange(corpora, std::nullopt), decisions, hashes, rounds);
      });
  if (plan.tune.empty()) std::filesystem::remove(folder.tuning());  // else the report would call the plan tuned
  return summary;
}

}  // namespace regard::experiment
