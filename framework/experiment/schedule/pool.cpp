#include "framework/experiment/schedule/pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/parallel.h"
#include "framework/base/process.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/experiment/schedule/worker.h"
#include "framework/runs/results_json.h"
#include "framework/tensor/cpu.h"

namespace regard::experiment {
namespace {

// Returns why a worker failed; empty if its run finished. `sent` is the reason that the worker sent, if any.
std::string failure_of(const Process& process, const std::string& sent, const runs::RunPaths& paths) {
  if (process.killed_by() != 0) {
    return fmt::format("killed by signal {} ({})", process.killed_by(), signal_text(process.killed_by()));
  }
  if (process.exit_code() == 0) return {};
  if (!sent.empty()) return sent;
  return fmt::format("ended with exit code {}; see {}", process.exit_code(), paths.log().string());
}

// Writes the failure to status.json, for the report, unless the worker has already written it. A write error is ignored
// (a full disk must not end the other runs): the caller is also told the failure.
void write_failure(const runs::RunPaths& paths, const std::string& failure) {
  runs::Status status;
  status.reason = failure;
  const auto stored = runs::read_if_exists<runs::Status>(paths.status());
  if (stored && stored->reason == failure) return;
  try {
    make_folder(paths.folder);
    write_file(paths.status(), to_json(status));
  } catch (const FolderError&) {
  }
}

// What a run's worker says, for those who look from outside.
void note(const HistoryEntry& entry, runs::RunProgress& run) {
  run.epoch = entry.epoch;
  run.update = entry.update;
  run.loss = entry.train_loss;
  run.bleu = entry.valid_bleu;
}
void note(const StageBegan& stage, runs::RunProgress& run) {
  run.stage = stage.name;
  run.seconds_left = 0;
}
void note(const training::Progress& now, runs::RunProgress& run) {
  run.epoch = now.epoch;
  run.epochs = now.epochs < runs::kEndless ? now.epochs : 0;
  run.update = now.update;
  run.updates = now.updates;
  run.loss = now.loss;
  run.tokens_per_second = now.tokens_per_second;
  run.seconds_left = now.seconds_left;
}
void note(const RunFailed&, runs::RunProgress&) {}  // recorded at its end

Index threads_of(const RunRequest& request) { return request.threads > 0 ? request.threads : regard::threads(); }

}  // namespace

struct Pool::Job {
  Job(std::size_t index, const std::vector<std::string>& words, const std::vector<std::string>& environment)
      : run(index), process(words, environment) {}
  std::size_t run;
  Process process;
  std::string failure;  // the failure that the worker sent
  Index threads = 1;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();
};

Index jobs_of(const RunRequest& request, Index runs) {
  return std::max<Index>(1, std::min(runs, request.jobs > 0 ? request.jobs : threads_of(request)));
}

Pool::Pool(const RunRequest& request, const RunnerHooks& hooks, std::vector<RunName> runs,
           runs::PlanProgress progress, std::vector<std::size_t> places)
    : request_(request),
      hooks_(hooks),
      folder_{request.folder},
      runs_(std::move(runs)),
      progress_(std::move(progress)),
      places_(std::move(places)) {
  threads_ = threads_of(request);
  jobs_limit_ = jobs_of(request, static_cast<Index>(runs_.size()));
  progress_.jobs = jobs_limit_;
}

Pool::~Pool() = default;

RunSummary Pool::operator()() {
  if (runs_.empty()) return summary_;
  show(true);
  bool forwarded = false;
  while (!jobs_.empty() || (next_ < runs_.size() && !stop_requested())) {
    while (!stop_requested() && next_ < runs_.size() && static_cast<Index>(jobs_.size()) < jobs_limit_) start();
    if (stop_requested() && !forwarded) {
      for (const auto& job : jobs_) job->process.signal(SIGINT);
      forwarded = true;
      if (hooks_.note)
        hooks_.note("stopping: each run finishes its step and saves; press Ctrl-C again to end them at once");
    }
    listen();
  }
  show(true);
  summary_.interrupted = stop_requested();
  return summary_;
}

// Write errors are ignored: a full disk must not end the runs.
void Pool::show(bool now) {
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

Index Pool::threads_for_next() const {
  Index used = 0;
  for (const auto& job : jobs_) used += job->threads;
  const Index slots = jobs_limit_ - static_cast<Index>(jobs_.size());
  const Index begin = std::min(slots, static_cast<Index>(runs_.size() - next_));
  return std::max<Index>(1, (threads_ - used) / std::max<Index>(1, begin));
}

void Pool::start() {
  const Index threads = threads_for_next();
  const std::size_t run = next_++;
  const auto& [system, seed] = runs_[run];
  const std::vector<std::string> words{this_program(), "worker", request_.folder, system, fmt::format("{}", seed)};
  std::vector<std::string> environment{fmt::format("OMP_NUM_THREADS={}", threads),
                                       fmt::format("REGARD_ISA={}", name_of(instruction_set())),
                                       fmt::format("{}={}", kParentVariable, getpid())};
  // By default libgomp's waiting threads spin for milliseconds, which slows down other processes. This number of
  // rounds (about ten microseconds) is enough between the loops of a step.
  if (regard::environment("OMP_WAIT_POLICY").empty() && regard::environment("GOMP_SPINCOUNT").empty()) {
    environment.emplace_back("GOMP_SPINCOUNT=2000");
  }
  jobs_.push_back(std::make_unique<Job>(run, words, environment));
  jobs_.back()->threads = threads;
  at(run).state = runs::ProgressState::running;
  at(run).stage = "starting";
  show(true);
}

void Pool::listen() {
  std::vector<pollfd> descriptors;
  for (const auto& job : jobs_) descriptors.push_back({job->process.descriptor(), POLLIN, 0});
  if (poll(descriptors.data(), descriptors.size(), 500) <= 0) return show(false);
  for (std::size_t at = descriptors.size(); at-- > 0;) {
    if (descriptors[at].revents == 0) continue;
    std::vector<std::string> lines;
    const bool open = jobs_[at]->process.read_lines(lines);
    for (const std::string& line : lines) {
      const auto event = from_line(line);
      if (!event) continue;
      if (const auto* const failed = std::get_if<RunFailed>(&*event)) {
        jobs_[at]->failure = failed->reason;
        continue;
      }
      std::visit([&](const auto& what) { note(what, this->at(jobs_[at]->run)); }, *event);
      if (hooks_.event) hooks_.event(jobs_[at]->run, *event);
    }
    if (!open) end(at);
  }
  show(false);
}

void Pool::end(std::size_t at) {
  Job& job = *jobs_[at];
  job.process.wait();
  const auto& [system, seed] = runs_[job.run];
  const runs::RunPaths paths = folder_.run(system, seed);
  const bool interrupted = job.process.exit_code() == kInterrupted || stop_requested();
  // A worker that was killed after it had written its status has finished its run.
  const std::string failure =
      interrupted || is_finished(paths) ? std::string() : failure_of(job.process, job.failure, paths);
  if (!failure.empty()) {
    ++summary_.failed;
    write_failure(paths, failure);
  }
  runs::RunProgress& progress = this->at(job.run);
  using runs::ProgressState;
  progress.state = !failure.empty() ? ProgressState::failed
                   : interrupted    ? ProgressState::stopped
                                    : ProgressState::finished;
  progress.stage.clear();
  progress.reason = failure;
  progress.seconds_left = 0;
  const std::size_t run = job.run;
  jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(at));
  if (!interrupted) ++summary_.done;
  if (hooks_.ended && !interrupted) hooks_.ended(run, failure);
  if (hooks_.warning && !interrupted && failure.empty()) warn_of(runs_[run]);
  show(true);
}

void Pool::warn_of(const RunName& name) const {
  const auto stored = runs::read_if_exists<runs::RunFacts>(folder_.run(name.first, name.second).facts());
  if (!stored) return;
  for (const runs::RunFact& fact : stored->facts)
    hooks_.warning(fmt::format("{} seed {}: {}", name.first, name.second, fact.text));
}

}  // namespace regard::experiment
