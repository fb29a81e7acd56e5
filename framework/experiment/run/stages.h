#pragma once
// The two stages of a run (do_run() in run.h), and what they share.
#include <optional>

#include "framework/experiment/run/run.h"
#include "framework/experiment/run/run_log.h"
#include "framework/experiment/run/tensorboard.h"
#include "framework/models/seq2seq.h"

namespace regard::experiment {

// A run that is being done. What it refers to outlives it.
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
  std::optional<EventFile> events;  // from the training on, with report.tensorboard

  void write_manifest();
  // To the log and to who listens: what the run is at.
  void say(const std::string& stage);
};

// Trains to the end, going on from the last checkpoint where there is one; fills the counters of `status`. False
// when it was told to stop.
[[nodiscard]] bool train(RunUnderWay& run, runs::Status& status);

// Translates and scores every test set that has no entry in scores.json, which is written after its files; removes
// what stands of test sets that the plan no longer has. `updates` is what the parameters were trained with. False
// when it was told to stop.
[[nodiscard]] bool decode(RunUnderWay& run, Index updates);

}  // namespace regard::experiment
