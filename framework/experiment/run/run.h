#pragma once
// One run, one system with one seed, in its folder: train (resuming from the last checkpoint if there is one),
// decode every test set, score. Finished stages are skipped.
#include <functional>
#include <string>
#include <variant>

#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"
#include "framework/training/trainer.h"

namespace regard::experiment {

// What a run says while it goes on: how far its training is, a validation, the stage it begins, why it ended.
struct StageBegan {
  std::string name;  // "training", "decoding test", "scoring"
};
struct RunFailed {
  std::string reason;  // from a worker alone
};
using RunEvent = std::variant<training::Progress, HistoryEntry, StageBegan, RunFailed>;

struct RunHooks {
  std::function<void(const RunEvent&)> event;
  std::function<bool()> stop;  // called after each update
};

enum class RunOutcome : std::uint8_t { finished, interrupted };

// Errors of the run (a loss that is not finite) end it as failed: status.json has the reason, and the error is
// rethrown.
[[nodiscard]] RunOutcome do_run(const Plan& plan, const System& system, Index seed, const Corpora& corpora,
                                const runs::RunFolder& folder, const RunHooks& hooks);

}  // namespace regard::experiment
