#pragma once
// The runs of a plan that are due, each in a process of its own, several at a time.
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/schedule/runner.h"

namespace regard::experiment {

using RunName = std::pair<std::string, Index>;  // system, seed

// Request and hooks outlive the pool. The caller holds the folder's lock and has called watch_for_stop().
class Pool final {
 public:
  // `progress` has all runs of the plan; those of `runs` are at `places` in it.
  Pool(const RunRequest& request, const RunnerHooks& hooks, std::vector<RunName> runs, runs::PlanProgress progress,
       std::vector<std::size_t> places);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  [[nodiscard]] Index jobs() const { return jobs_limit_; }
  [[nodiscard]] Index threads_each() const { return std::max<Index>(1, threads_ / jobs_limit_); }

  // Begins runs and listens to them until all have ended. A run that fails, or whose process dies, ends alone;
  // when stop_requested() none is begun and those under way are told.
  [[nodiscard]] RunSummary operator()();

 private:
  struct Job;

  [[nodiscard]] runs::RunProgress& at(std::size_t run) { return progress_.runs[places_[run]]; }
  // For eyes: progress.json about once a second, and what the caller shows.
  void show(bool now);
  // The threads that are free, shared among the runs that can begin now.
  [[nodiscard]] Index threads_for_next() const;
  void start();
  // Waits for something to happen, and passes it on.
  void listen();
  void end(std::size_t at);

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
