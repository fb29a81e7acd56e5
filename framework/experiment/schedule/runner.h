#pragma once
// Does all runs of a plan in its folder. Skips finished runs; does the others in their own processes, several at a
// time. If a run fails or crashes, only this run ends. With tuning, the candidates are run first (tune.h); with
// matched parameters, the widths are found first (match.h).
#include <functional>
#include <string>
#include <vector>

#include "framework/experiment/run/run.h"
#include "framework/runs/progress.h"

namespace regard::experiment {

struct RunRequest {
  std::string folder;
  std::string plan_text = {};     // the plan as given, for plan.yaml; empty: plan.yaml is not written
  std::vector<std::string> only;  // the systems to run; empty: all
      // Runs at a time; 0: the number of threads or of runs, whichever is smaller. Two runs with one thread each are
      // faster than one with two. Threads that become free at the end of a plan are given to the last runs.
  Index jobs = 0;
  Index threads = 0;     // of all runs together; 0: the number of threads of this process
  bool retrain = false;  // discards finished trainings that the plan has changed, and failed ones
};

// Functions with which the caller shows progress. `run` counts from 0 in the order of `runs`.
struct RunnerHooks {
  std::function<void(const std::vector<std::pair<std::string, Index>>& runs, Index finished, Index jobs,
                     Index threads)>
      planned;
  std::function<void(std::size_t run, const RunEvent&)> event;
  std::function<void(std::size_t run, const std::string& failure)> ended;  // failure: empty when it finished
  std::function<void(const runs::PlanProgress&)> progress;                 // after each of these; has all runs
  std::function<void(const std::string&)> warning;
  std::function<void(const std::string&)> note;  // choices of the tuning, the budget, stopping
};

struct RunSummary {
  Index failed = 0;
  Index done = 0;  // runs that were not finished before
  bool interrupted = false;
  std::string unchosen = {};  // why nothing was chosen after the tuning; else empty
};

// Writes the plan as given (`text`, unless empty), the resolved plan, and a copy of each plug-in that it names, so that
// the folder can be resumed without the original libraries. Writes new copies before the plan and removes unused ones
// after it.
void write_plan(const Plan& plan, const std::string& text, const runs::RunFolder& folder);

// Does all runs. FolderError if the folder is in use, cannot be written or has finished runs of another plan; DataError
// for a mistake in the corpus; both before anything in the folder is changed. Handles SIGINT: after the first, runs
// finish their step and save; a second one ends them.
RunSummary run_plan(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks);

}  // namespace regard::experiment
