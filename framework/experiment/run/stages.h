#pragma once
// The two stages of a run (do_run() in run.h), and their common data.
#include <optional>

#include "framework/experiment/run/run.h"
#include "framework/experiment/run/run_log.h"
#include "framework/experiment/run/tensorboard.h"
#include "framework/models/seq2seq.h"

namespace regard::experiment {

// A run in progress. The objects that it refers to must outlive it.
struct RunUnderWay {
  const Plan& plan;
  const System& system;
  Index seed;
  const Corpora& corpora;
  runs::RunPaths paths;
  const RunHooks& hooks;
  models::Seq2Seq model;
  RunLog log;
  runs::Manifest manifest;
  std::optional<EventFile> events;  // from the start of training, with report.tensorboard

  void write_manifest();
  // Reports the current stage to the log and to the hooks.
  void say(const std::string& stage);
};

// Trains to the end, resuming from the last checkpoint if there is one, and fills the counters of `status`. Returns
// false if it was asked to stop.
[[nodiscard]] bool train(RunUnderWay& run, runs::Status& status);

// Translates and scores every test set that has no entry in scores.json; an entry is written after the files of its
// test set. Removes files of test sets that are no longer in the plan. `updates` is the number of updates of the
// parameters. Returns false if it was asked to stop.
[[nodiscard]] bool decode(RunUnderWay& run, Index updates);

}  // namespace regard::experiment
