#pragma once
// Estimates the cost of a plan from a few steps of each system, for `regard run --dry-run`. Writes nothing to the
// plan's folder.
#include <functional>
#include <string>
#include <vector>

#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

struct Cost {
  std::string system;
  Index parameters = 0;
  Index updates = 0;         // of one training, unless it ends early; by the first epoch's batches
  double flops = 0;          // of one training: 6 for each weight of a matrix and word that goes through it
  double seconds = 0;        // of one training, without validations, by the measured steps
  Index memory_bytes = 0;    // peak memory of the measuring process
  std::string failure = {};  // why nothing could be measured
};

// Measures one system in this process: warm-up, then about `seconds` of steps.
[[nodiscard]] Cost cost_estimate(const Plan& plan, const System& system, const Corpora& corpora,
                                 double seconds = 1);

struct Costs {
  std::vector<Cost> systems;
  std::vector<std::string> warnings;  // of the text (data/warnings.h)
};

// Measures all systems, each in its own process (so that its memory can be measured), with `threads` threads.
[[nodiscard]] Costs cost_estimate(const Plan& plan, Index threads);

[[nodiscard]] std::string to_json(const Cost& cost);

}  // namespace regard::experiment
