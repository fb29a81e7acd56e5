#pragma once
// One run, one system with one seed, in its folder: train (going on from the last checkpoint where there is one),
// decode every test set, score. Stages whose results stand are passed over.
#include <functional>

#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"
#include "framework/training/trainer.h"

namespace regard::experiment {

// What a run says while it goes on.
struct RunEvent {
  enum class Kind : std::uint8_t { progress, validated, stage, failed };
  Kind kind = Kind::progress;
  training::Progress progress = {};
  runs::HistoryEntry validation = {};
  std::string stage = {};    // "training", "decoding test", "scoring"
  std::string failure = {};  // why the run ended; from a worker alone
};

struct RunHooks {
  std::function<void(const RunEvent&)> event;
  std::function<bool()> stop;  // asked after each update
};

enum class RunOutcome : std::uint8_t { finished, interrupted };

// Errors that are the run's (a loss that is not finite) end it as failed: status.json says why, and the error is
// thrown on.
[[nodiscard]] RunOutcome do_run(const Plan& plan, const System& system, Index seed, const Corpora& corpora,
                                const runs::RunFolder& folder, const RunHooks& hooks);

}  // namespace regard::experiment
