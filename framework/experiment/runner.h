#pragma once
// All runs of a plan in their folder: what is finished is passed over, what is missing is run, each run in a
// process of its own, several at a time; a run that fails or crashes ends alone.
#include <functional>
#include <string>
#include <vector>

#include "framework/experiment/run.h"

namespace regard::experiment {

struct RunRequest {
  std::string folder;
  std::string plan_text = {};     // the plan as given, for plan.yaml; empty: none is written
  std::vector<std::string> only;  // systems; empty: all
  Index jobs = 0;                 // runs at a time; 0: as many as there are threads
  Index threads = 0;              // of all runs together; 0: as the machine has cores
  bool retrain = false;           // discards finished trainings that the plan has changed
};

// What the caller shows. `run` counts from 0 in the order of `runs`.
struct RunnerHooks {
  std::function<void(const std::vector<std::pair<std::string, Index>>& runs, Index finished, Index jobs,
                     Index threads)>
      planned;
  std::function<void(std::size_t run)> started;
  std::function<void(std::size_t run, const RunEvent&)> event;
  std::function<void(std::size_t run, const std::string& failure)> ended;  // failure: empty when it finished
  std::function<void(const std::string&)> warning;
};

struct RunSummary {
  Index failed = 0;
  bool interrupted = false;
};

// FolderError where the folder is in use, cannot be written or holds finished runs of another plan; DataError for
// the corpus; both before anything in the folder is changed. Handles SIGINT while it works: the first lets the
// runs finish their step and save, a second ends them.
RunSummary run_plan(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks);

}  // namespace regard::experiment
