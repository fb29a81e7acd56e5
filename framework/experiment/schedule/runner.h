#pragma once
// All runs of a plan in their folder: what is finished is passed over, what is missing is run, each run in a
// process of its own, several at a time; a run that fails or crashes ends alone. A plan that tunes first runs its
// candidates (tune.h), one that matches parameters first finds its widths (match.h).
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
  // Runs at a time; 0: as many as there are threads or runs. Two runs of one thread get more done than one of two,
  // and what is left over at the end of a plan is given to the last runs.
  Index jobs = 0;
  Index threads = 0;     // of all runs together; 0: as the machine has cores
  bool retrain = false;  // discards finished trainings that the plan has changed, and failed ones
};

// What the caller shows. `run` counts from 0 in the order of `runs`.
struct RunnerHooks {
  std::function<void(const std::vector<std::pair<std::string, Index>>& runs, Index finished, Index jobs,
                     Index threads)>
      planned;
  std::function<void(std::size_t run, const RunEvent&)> event;
  std::function<void(std::size_t run, const std::string& failure)> ended;  // failure: empty when it finished
  std::function<void(const runs::PlanProgress&)> progress;                 // after each of these, of all runs
  std::function<void(const std::string&)> warning;
  std::function<void(const std::string&)> note;  // what was chosen, what is held equal
};

struct RunSummary {
  Index failed = 0;
  Index done = 0;  // runs that were not finished before
  bool interrupted = false;
  std::string unchosen = {};  // why nothing was done after the tuning; empty where it was
};

// What the folder is a folder of: the plan as given (`text`, unless empty), the resolved one, and a copy of each
// plug-in that it names, so that the folder can be gone on with whatever becomes of theirs. A copy is there before
// the plan that names it, and goes after it.
void write_plan(const Plan& plan, const std::string& text, const runs::RunFolder& folder);

// FolderError where the folder is in use, cannot be written or holds finished runs of another plan; DataError for
// the corpus; both before anything in the folder is changed. Handles SIGINT while it works: the first lets the
// runs finish their step and save, a second ends them.
RunSummary run_plan(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks);

}  // namespace regard::experiment
