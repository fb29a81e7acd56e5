#pragma once
// Does the pending runs of a plan, each in its own process, several at a time.
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/schedule/runner.h"

namespace regard::experiment {

using RunName = std::pair<std::string, Index>;  // system, seed

// Returns how many of `runs` a request has at a time, by --jobs or as many as there are threads.
[[nodiscard]] Index jobs_of(const RunRequest& request, Index runs);

// Request and hooks outlive the pool. The caller holds the folder's lock and has called watch_for_stop().
class Pool final {
 public:
  // `progress` has all runs of the plan; `places` are the positions of `runs` in it.
  Pool(const RunRequest& request, const RunnerHooks& hooks, std::vector<RunName> runs, runs::PlanProgress progress,
       std::vector<std::size_t> places);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  [[nodiscard]] Index jobs() const { return jobs_limit_; }
  [[nodiscard]] Index threads_each() const { return std::max<Index>(1, threads_ / jobs_limit_); }

  // Starts runs and reads their events until all have ended. If a run fails or its process dies, only this run
  // ends. When stop_requested(), no run is started and the running ones are told to stop.
  [[nodiscard]] RunSummary operator()();

 private:
  struct Job;

  [[nodiscard]] runs::RunProgress& at(std::size_t run) { return progress_.runs[places_[run]]; }
  // Writes progress.json about once a second, and calls the caller's hooks.
  void show(bool now);
  // Shares the free threads among the runs that can start now.
  [[nodiscard]] Index threads_for_next() const;
  void start();
  // Waits for events and passes them on.
  void listen();
  void end(std::size_t at);
  // Passes the facts of a finished run (runs/run_facts.h) to the caller, as warnings.
  void warn_of(const RunName& name) const;

  const RunRequest& request_;
  const RunnerHooks& hooks_;
  runs::RunFolder folder_;
  std::vector<RunName> runs_;
  runs::PlanProgress progress_;
  std::vector<std::size_t> places_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::size_t next_ = 0;
  Index threads_ = 1;
  Index jobs_limit_ = 1;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point written_ = begun_;
  RunSummary summary_;
};

}  // namespace regard::experiment
