#include "framework/experiment/runner.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
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
#include "framework/experiment/process.h"
#include "framework/experiment/results_json.h"
#include "framework/experiment/stand.h"
#include "framework/experiment/worker.h"

namespace regard::experiment {
namespace {

// What the folder is a folder of: the plan as given, the resolved one, and a copy of each plug-in that it names,
// so that the folder can be gone on with whatever becomes of theirs. A copy is there before the plan that names
// it, and goes after it.
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

struct Job {
  Job(std::size_t index, const std::vector<std::string>& words, const std::vector<std::string>& environment)
      : run(index), process(words, environment) {}
  std::size_t run;
  Process process;
  std::string failure;  // what the worker said of its own end
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

class Pool {
 public:
  Pool(const RunRequest& request, const RunnerHooks& hooks, std::vector<std::pair<std::string, Index>> runs)
      : request_(request), hooks_(hooks), folder_{request.folder}, runs_(std::move(runs)) {
    const Index threads = request.threads > 0 ? request.threads : regard::threads();
    const auto pending = static_cast<Index>(runs_.size());
    jobs_limit_ = std::max<Index>(1, std::min(pending, request.jobs > 0 ? request.jobs : threads));
    threads_each_ = std::max<Index>(1, threads / jobs_limit_);
  }

  [[nodiscard]] Index jobs() const { return jobs_limit_; }
  [[nodiscard]] Index threads_each() const { return threads_each_; }

  RunSummary operator()() {
    bool forwarded = false;
    while (!jobs_.empty() || (next_ < runs_.size() && !stop_requested())) {
      while (!stop_requested() && next_ < runs_.size() && static_cast<Index>(jobs_.size()) < jobs_limit_) start();
      if (stop_requested() && !forwarded) {
        for (const auto& job : jobs_) job->process.signal(SIGINT);
        forwarded = true;
      }
      listen();
    }
    summary_.interrupted = stop_requested();
    return summary_;
  }

 private:
  void start() {
    const std::size_t run = next_++;
    const auto& [system, seed] = runs_[run];
    const std::vector<std::string> words{this_program(), "worker", request_.folder, system,
                                         fmt::format("{}", seed)};
    std::vector<std::string> environment{fmt::format("OMP_NUM_THREADS={}", threads_each_),
                                         fmt::format("{}={}", kParentVariable, getpid())};
    // libgomp's waiting threads spin for milliseconds by default, which other processes pay for; so many rounds,
    // some ten microseconds, are enough between the loops of a step.
    if (std::getenv("OMP_WAIT_POLICY") == nullptr && std::getenv("GOMP_SPINCOUNT") == nullptr) {
      environment.emplace_back("GOMP_SPINCOUNT=2000");
    }
    jobs_.push_back(std::make_unique<Job>(run, words, environment));
    if (hooks_.started) hooks_.started(run);
  }

  // Waits for something to happen, and passes it on.
  void listen() {
    std::vector<pollfd> descriptors;
    for (const auto& job : jobs_) descriptors.push_back({job->process.descriptor(), POLLIN, 0});
    if (poll(descriptors.data(), descriptors.size(), 500) <= 0) return;
    for (std::size_t at = descriptors.size(); at-- > 0;) {
      if (descriptors[at].revents == 0) continue;
      std::vector<std::string> lines;
      const bool open = jobs_[at]->process.read_lines(lines);
      for (const std::string& line : lines) {
        RunEvent event;
        if (!from_line(line, event)) continue;
        if (event.kind == RunEvent::Kind::failed) {
          jobs_[at]->failure = event.failure;
        } else if (hooks_.event) {
          hooks_.event(jobs_[at]->run, event);
        }
      }
      if (!open) end(at);
    }
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
    if (hooks_.ended && !interrupted) hooks_.ended(job.run, failure);
    jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  const RunRequest& request_;
  const RunnerHooks& hooks_;
  RunFolder folder_;
  std::vector<std::pair<std::string, Index>> runs_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::size_t next_ = 0;
  Index jobs_limit_ = 1;
  Index threads_each_ = 1;
  RunSummary summary_;
};

}  // namespace

RunSummary run_plan(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks) {
  const RunFolder folder{request.folder};
  for (const std::string& name : request.only) static_cast<void>(system_named(plan, name));
  const auto wanted = [&](const System& system) {
    return request.only.empty() ||
           std::find(request.only.begin(), request.only.end(), system.name) != request.only.end();
  };
  // A folder that is not there yet is made when the text is known to be good, so that a mistake leaves nothing
  // behind.
  std::optional<Corpora> corpora;
  if (!std::filesystem::exists(folder.folder)) corpora = load_corpora(plan, folder);
  watch_for_stop();
  make_folder(folder.folder);
  const FolderLock lock(folder.folder);
  if (lock.died() && hooks.warning) {
    hooks.warning(
        fmt::format("{}: process {} on host {}, at work here since {}, was killed; what it saved is gone on "
                    "from",
                    folder.folder.string(), lock.died()->process, lock.died()->host, lock.died()->since));
  }

  std::vector<std::pair<std::string, Index>> pending;
  std::vector<Stand> stands;
  Index finished = 0;
  for (const Index seed : plan.seeds) {
    for (const System& system : plan.systems) {
      if (!wanted(system)) continue;
      const Stand stand = stand_of(plan, system, seed, folder, request.retrain);
      if (stand == Stand::finished) {
        ++finished;
        continue;
      }
      pending.emplace_back(system.name, seed);
      stands.push_back(stand);
    }
  }
  for (const std::string& doubt : plan.warnings) {
    if (hooks.warning) hooks.warning(doubt);
  }
  if (!pending.empty()) {
    if (!corpora) corpora = load_corpora(plan, folder);
    for (const std::string& doubt : doubts(plan, *corpora)) {
      if (hooks.warning) hooks.warning(doubt);
    }
    write_data(folder, *corpora);
  }
  corpora.reset();  // each run loads its own
  for (std::size_t at = 0; at < pending.size(); ++at) {
    clear(folder.run(pending[at].first, pending[at].second), stands[at]);
  }
  write_plan(plan, request.plan_text, folder);
  add_externals(folder, plan);
  Pool pool(request, hooks, pending);
  if (hooks.planned) hooks.planned(pending, finished, pool.jobs(), pool.threads_each());
  return pool();
}

}  // namespace regard::experiment
