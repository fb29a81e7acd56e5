#pragma once
// Measures whether trained runs use their attention: computes losses and translations of all test sets with other
// weights in place of the run's own, and writes them beside the run (runs/interventions.h).
#include <functional>
#include <string>
#include <vector>

#include "framework/base/weight_matrix.h"
#include "framework/evaluation/alignment.h"
#include "framework/runs/run_folder.h"

namespace regard::inference {

struct InterventionOptions {
  // Of runs::kWeightKinds, without "own", which is always made. Empty: all that the folder can have ("other" needs a
  // second system with attention, "gold" a gold alignment).
  std::vector<std::string> kinds = {};
  // The system whose weights "other" are, for all systems but itself. "": the baseline, or the first system with
  // attention that is not the system itself.
  std::string other = {};
  std::vector<std::string> plugins = {};
  std::function<void(const std::string&)> say = {};  // receives one line for each result that was made
};

struct InterventionCounts {
  Index runs = 0;     // finished runs with attention
  Index made = 0;     // results of one run, test set and kind
  Index kept = 0;     // those that were there and current
  Index refused = 0;  // runs whose weights cannot be replaced
};

// Intervenes in each finished run of a plan's folder. Keeps current results, makes the others, and writes the file of a
// run after each test set and kind, so that a killed call loses one of them. ConfigError for an unknown kind or system, for
// gold weights without a gold alignment, for other weights without a second system with attention, and for a folder
// without finished runs or without attention. Locks the folder.
InterventionCounts intervene(const Path& folder, const InterventionOptions& options = {});

// Returns the gold weights of a sentence, [targets + 1, sources + 1] tokens with </s>: each token of a target word has
// equal weights on the tokens of the source words that are linked to it (its sure links, without one its possible
// ones). A row without links is zero, and so is the row of </s>; all are zero if tokens and words cannot be matched.
[[nodiscard]] WeightMatrix gold_weights(const evaluation::GoldAlignment& gold, const std::string& source,
                                        const std::vector<std::string>& source_tokens, const std::string& target,
                                        const std::vector<std::string>& target_tokens);

}  // namespace regard::inference
