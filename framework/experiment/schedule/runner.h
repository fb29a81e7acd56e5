#pragma once
// Does all runs of a plan in their folder. Finished runs are skipped; the others run in their own processes,
// several at a time. If a run fails or crashes, only this run ends. A plan that tunes first runs its candidates
// (tune.h); a plan that matches parameters first finds its widths (match.h).
#include <functional>
#include <string>
#include <vector>

#include "framework/experiment/run/run.h"
#include "framework/runs/progress.h"

namespace regard::experiment {

struct RunRequest {
  std::string folder;
  std::string plan_text = {};     // the plan as given, for plan.yaml; empty: none is written
  std::vector<std::string> only;  // systems; empty: all
  // Runs at a time; 0: as many as there are threads or runs. Two runs with one thread each are faster than one
  // with two. Threads that are free at the end of a plan go to the last runs.
  Index jobs = 0;
  Index threads = 0;     // of all runs together; 0: the number of cores
  bool retrain = false;  // discards finished trainings that the plan has changed, and failed ones
};

// Functions with which the caller shows progress. `run` counts from 0 in the order of `runs`.
struct RunnerHooks {
  std::function<void(const std::vector<std::pair<std::string, Index>>& runs, Index finished, Index jobs,
                     Index threads)>
      planned;
  std::function<void(std::size_t run, const RunEvent&)> event;
  std::function<void(std::size_t run, const std::string& failure)> ended;  // failure: empty when it finished
  std::function<void(const runs::PlanProgress&)> progress;                 // after each of these, of all runs
  std::function<void(const std::string&)> warning;
  std::function<void(const std::string&)> note;  // choices of the tuning, and the budget
};

struct RunSummary {
  Index failed = 0;
  Index done = 0;  // runs that were not finished before
  bool interrupted = false;
  std::string unchosen = {};  // why nothing was done after the tuning; else empty
};

// Writes the plan as given (`text`, unless empty), the resolved plan, and a copy of each plug-in that it names, so
// that the folder can be resumed without the original libraries. A copy is written before the plan that names it,
// and removed after it.
void write_plan(const Plan& plan, const std::string& text, const runs::RunFolder& folder);

// Does all runs. FolderError if the folder is in use, cannot be written or has finished runs of another plan;
// DataError for the corpus; both before anything in the folder is changed. Handles SIGINT: after the first, runs
// finish their step and save; a second one ends them.
RunSummary run_plan(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks);

}  // namespace regard::experiment
