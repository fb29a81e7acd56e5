#include "framework/experiment/runner.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "framework/base/parallel.h"
#include "framework/config/write.h"
#include "framework/experiment/external.h"
#include "framework/experiment/match.h"
#include "framework/experiment/process.h"
#include "framework/experiment/results_json.h"
#include "framework/experiment/stand.h"
#include "framework/experiment/tune.h"
#include "framework/experiment/worker.h"

namespace regard::experiment {
namespace {

struct Job {
  Job(std::size_t index, const std::vector<std::string>& words, const std::vector<std::string>& environment)
      : run(index), process(words, environment) {}
  std::size_t run;
  Process process;
  std::string failure;  // what the worker said of its own end
  Index threads = 1;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
};

// Why a worker ended as it did; empty when it finished its run.
std::string failure_of(const Job& job, const RunPaths& paths) {
  const Process& process = job.process;
  if (process.killed_by() != 0) {
    return fmt::format("killed by signal {} ({})", process.killed_by(), strsignal(process.killed_by()));
  }
  if (process.exit_code() == 0) return {};
  if (!job.failure.empty()) return job.failure;
  return fmt::format("ended with exit code {}; {} says how far it came", process.exit_code(),
                     paths.log().string());
}

// The report reads it there. A disk that is full must not end the other runs: the caller is told the reason too.
void write_failure(const RunPaths& paths, const std::string& failure) {
  Status status;
  status.reason = failure;
  try {
    make_folder(paths.folder);
    write_file(paths.status(), to_json(status));
  } catch (const FolderError&) {
  }
}

using RunName = std::pair<std::string, Index>;

// What a run's worker says, for those who look from outside.
void note_event(const RunEvent& event, RunProgress& run) {
  if (event.kind == RunEvent::Kind::validated) run.bleu = event.validation.valid_bleu;
  if (event.kind == RunEvent::Kind::stage) {
    run.stage = event.stage;
    run.seconds_left = 0;
  }
  if (event.kind != RunEvent::Kind::progress) return;
  const training::Progress& now = event.progress;
  run.epoch = now.epoch;
  run.epochs = now.epochs < kEndless ? now.epochs : 0;
  run.update = now.update;
  run.updates = now.updates;
  run.loss = now.loss;
  run.tokens_per_second = now.tokens_per_second;
  run.seconds_left = now.seconds_left;
}

class Pool {
 public:
  // `progress` has all runs of the plan; those of `runs` are at `places` in it.
  Pool(const RunRequest& request, const RunnerHooks& hooks, std::vector<RunName> runs, PlanProgress progress,
       std::vector<std::size_t> places)
      : request_(request),
        hooks_(hooks),
        folder_{request.folder},
        runs_(std::move(runs)),
        progress_(std::move(progress)),
        places_(std::move(places)) {
    threads_ = request.threads > 0 ? request.threads : regard::threads();
    const auto pending = static_cast<Index>(runs_.size());
    jobs_limit_ = std::max<Index>(1, std::min(pending, request.jobs > 0 ? request.jobs : threads_));
    progress_.jobs = jobs_limit_;
  }

  [[nodiscard]] Index jobs() const { return jobs_limit_; }
  [[nodiscard]] Index threads_each() const { return std::max<Index>(1, threads_ / jobs_limit_); }

  RunSummary operator()() {
    if (runs_.empty()) return summary_;
    show(true);
    bool forwarded = false;
    while (!jobs_.empty() || (next_ < runs_.size() && !stop_requested())) {
      while (!stop_requested() && next_ < runs_.size() && static_cast<Index>(jobs_.size()) < jobs_limit_) start();
      if (stop_requested() && !forwarded) {
        for (const auto& job : jobs_) job->process.signal(SIGINT);
        forwarded = true;
      }
      listen();
    }
    show(true);
    summary_.interrupted = stop_requested();
    return summary_;
  }

 private:
  [[nodiscard]] RunProgress& at(std::size_t run) { return progress_.runs[places_[run]]; }

  // For eyes: progress.json about once a second, and what the caller shows. A disk that is full must not end the
  // runs.
  void show(bool now) {
    const auto moment = std::chrono::steady_clock::now();
    const auto seconds = [&](std::chrono::steady_clock::time_point since) {
      return std::chrono::duration<double>(moment - since).count();
    };
    progress_.seconds = seconds(begun_);
    for (const auto& job : jobs_) at(job->run).seconds = seconds(job->begun);
    if (hooks_.progress) hooks_.progress(progress_);
    if (!now && seconds(written_) < 1) return;
    written_ = moment;
    try {
      write_file(folder_.progress(), to_json(progress_));
    } catch (const FolderError&) {
    }
  }

  // The threads that are free, shared among the runs that can begin now.
  [[nodiscard]] Index threads_for_next() const {
    Index used = 0;
    for (const auto& job : jobs_) used += job->threads;
    const Index slots = jobs_limit_ - static_cast<Index>(jobs_.size());
    const Index begin = std::min(slots, static_cast<Index>(runs_.size() - next_));
    return std::max<Index>(1, (threads_ - used) / std::max<Index>(1, begin));
  }

  void start() {
    const Index threads = threads_for_next();
    const std::size_t run = next_++;
    const auto& [system, seed] = runs_[run];
    const std::vector<std::string> words{this_program(), "worker", request_.folder, system,
                                         fmt::format("{}", seed)};
    std::vector<std::string> environment{fmt::format("OMP_NUM_THREADS={}", threads),
                                         fmt::format("{}={}", kParentVariable, getpid())};
    // libgomp's waiting threads spin for milliseconds by default, which other processes pay for; so many rounds,
    // some ten microseconds, are enough between the loops of a step.
    if (std::getenv("OMP_WAIT_POLICY") == nullptr && std::getenv("GOMP_SPINCOUNT") == nullptr) {
      environment.emplace_back("GOMP_SPINCOUNT=2000");
    }
    jobs_.push_back(std::make_unique<Job>(run, words, environment));
    jobs_.back()->threads = threads;
    at(run).state = "running";
    at(run).stage = "starting";
    show(true);
  }

  // Waits for something to happen, and passes it on.
  void listen() {
    std::vector<pollfd> descriptors;
    for (const auto& job : jobs_) descriptors.push_back({job->process.descriptor(), POLLIN, 0});
    if (poll(descriptors.data(), descriptors.size(), 500) <= 0) return show(false);
    for (std::size_t at = descriptors.size(); at-- > 0;) {
      if (descriptors[at].revents == 0) continue;
      std::vector<std::string> lines;
      const bool open = jobs_[at]->process.read_lines(lines);
      for (const std::string& line : lines) {
        RunEvent event;
        if (!from_line(line, event)) continue;
        if (event.kind == RunEvent::Kind::failed) {
          jobs_[at]->failure = event.failure;
        } else {
          note_event(event, this->at(jobs_[at]->run));
          if (hooks_.event) hooks_.event(jobs_[at]->run, event);
        }
      }
      if (!open) end(at);
    }
    show(false);
  }

  void end(std::size_t at) {
    Job& job = *jobs_[at];
    job.process.wait();
    const auto& [system, seed] = runs_[job.run];
    const RunPaths paths = folder_.run(system, seed);
    const bool interrupted = job.process.exit_code() == kInterrupted || stop_requested();
    // One that was killed after its last word has done its work.
    const std::string failure = interrupted || is_finished(paths) ? std::string() : failure_of(job, paths);
    if (!failure.empty()) {
      ++summary_.failed;
      write_failure(paths, failure);
    }
    RunProgress& progress = this->at(job.run);
    progress.state = !failure.empty() ? "failed" : interrupted ? "stopped" : "finished";
    progress.stage.clear();
    progress.reason = failure;
    progress.seconds_left = 0;
    const std::size_t run = job.run;
    jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(at));
    if (!interrupted) ++summary_.done;
    if (hooks_.ended && !interrupted) hooks_.ended(run, failure);
    show(true);
  }

  const RunRequest& request_;
  const RunnerHooks& hooks_;
  RunFolder folder_;
  std::vector<RunName> runs_;
  PlanProgress progress_;
  std::vector<std::size_t> places_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::size_t next_ = 0;
  Index threads_ = 1;
  Index jobs_limit_ = 1;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point written_ = begun_;
  RunSummary summary_;
};

void say(const std::function<void(const std::string&)>& hook, const std::string& sentence) {
  if (hook) hook(sentence);
}

// The plan's folder. One that was not there is taken away again unless keep() is called, so that a mistake in the
// text leaves nothing behind.
class NewFolder {
 public:
  explicit NewFolder(const RunFolder& folder) : folder_(folder) {
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
  RunFolder folder_;
  std::vector<Path> made_;  // innermost first
};

// The candidates of a plan that tunes, in FOLDER/tune, and what they say. `summary` is theirs; where it says that
// they were interrupted nothing is chosen.
std::optional<Tuning> tune(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks,
                           RunSummary& summary) {
  const RunFolder folder{request.folder};
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
  Tuning found = choose(plan, {inner.folder}, request.only);
  write_file(folder.tuning(), to_json(found));
  for (const TunedSystem& system : found.systems) {
    const TunedPoint& chosen = system.points[static_cast<std::size_t>(system.chosen)];
    std::string values;
    for (const auto& [key, value] : chosen.values)
      values += fmt::format("{}{} {}", values.empty() ? "" : ", ", key, value);
    say(hooks.note, fmt::format("tuning: {} takes {}: validation {} {:.4g}, the best of {}", system.name, values,
                                found.metric, chosen.mean, system.points.size()));
  }
  return found;
}

// The runs of a plan that has nothing left to choose. The folder is locked and `corpora`, if any, are the plan's.
RunSummary run_chosen(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks,
                      std::optional<Corpora> corpora) {
  const RunFolder folder{request.folder};
  std::vector<RunName> pending;
  std::vector<Stand> stands;
  std::vector<std::size_t> places;
  PlanProgress progress;
  progress.plan = plan.name;
  Index finished = 0;
  for (const Index seed : plan.seeds) {
    for (const System& system : plan.systems) {
      const bool wanted = request.only.empty() ||
                          std::find(request.only.begin(), request.only.end(), system.name) != request.only.end();
      if (!wanted) continue;
      RunProgress& run = progress.runs.emplace_back();
      run.system = system.name;
      run.seed = seed;
      const Stand stand = stand_of(plan, system, seed, folder, request.retrain);
      run.state = stand == Stand::finished ? "finished" : "waiting";
      if (stand == Stand::finished) {
        ++finished;
        continue;
      }
      pending.emplace_back(system.name, seed);
      stands.push_back(stand);
      places.push_back(progress.runs.size() - 1);
    }
  }
  for (const std::string& doubt : plan.warnings) say(hooks.warning, doubt);
  if (!pending.empty()) {
    if (!corpora) corpora = load_corpora(plan, folder);
    for (const std::string& doubt : doubts(plan, *corpora)) say(hooks.warning, doubt);
    write_data(plan, folder, *corpora);
  }
  corpora.reset();  // each run loads its own
  for (std::size_t at = 0; at < pending.size(); ++at) {
    clear(folder.run(pending[at].first, pending[at].second), stands[at]);
  }
  write_plan(plan, request.plan_text, folder);
  add_externals(folder, plan);
  const std::string equal = held_equal(plan.budget, plan.report.baseline);
  if (!equal.empty()) say(hooks.note, "held equal: " + equal);
  Pool pool(request, hooks, pending, std::move(progress), std::move(places));
  if (hooks.planned) hooks.planned(pending, finished, pool.jobs(), pool.threads_each());
  return pool();
}

}  // namespace

void write_plan(const Plan& plan, const std::string& text, const RunFolder& folder) {
  std::vector<std::string> names;
  if (!plan.plugins.empty()) make_folder(folder.plugins());
  for (const Plugin& plugin : plan.plugins) {
    const Path copy = folder.folder / plugin.copy();
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
  const RunFolder folder{request.folder};
  for (const std::string& name : request.only) static_cast<void>(system_named(plan, name));
  watch_for_stop();
  NewFolder made(folder);
  std::optional<Corpora> corpora;
  const FolderLock lock(folder.folder);
  if (made.is_new()) corpora = load_corpora(plan, folder);
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
