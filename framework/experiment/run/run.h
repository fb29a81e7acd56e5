#pragma once
// Does one run (one system with one seed) in its folder: trains, resuming from the last checkpoint if there is one,
// then decodes and scores every test set. Skips finished stages.
#include <functional>
#include <string>
#include <variant>

#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"
#include "framework/training/trainer.h"

namespace regard::experiment {

// The events of a run: progress of its training, a validation, the start of a stage, the reason of a failure.
struct StageBegan {
  std::string name;  // "training", "decoding test", "scoring"
};
struct RunFailed {
  std::string reason;  // only sent by a worker
};
using RunEvent = std::variant<training::Progress, HistoryEntry, StageBegan, RunFailed>;

struct RunHooks {
  std::function<void(const RunEvent&)> event;
  std::function<bool()> stop;  // called after each update
};

enum class RunOutcome : std::uint8_t { finished, interrupted };

// An error (for example a loss that is not finite) ends the run as failed: the reason is written to status.json, and
// the error is rethrown.
[[nodiscard]] RunOutcome do_run(const Plan& plan, const System& system, Index seed, const Corpora& corpora,
                                const runs::RunFolder& folder, const RunHooks& hooks);

}  // namespace regard::experiment
