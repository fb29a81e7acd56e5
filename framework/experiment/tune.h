#pragma once
// Choosing options on the validation set, for each system by itself: one learning rate for all would be a
// confound. The candidates are a plan of their own, in FOLDER/tune, whose test sets are never decoded.
#include "framework/experiment/plan.h"
#include "framework/experiment/results.h"

namespace regard::experiment {

// The plan of the candidates: every system crossed with tune.grid, the tuning's seeds, decoding.test: never.
[[nodiscard]] Plan tuning_plan(const Plan& plan);

// What the finished candidates say: for each wanted system (empty: all) its points, and the one whose best
// validations are best on average over the seeds; of equals the first. A point with a failed run is not chosen.
// FolderError where a system has no point left.
[[nodiscard]] Tuning choose(const Plan& plan, const RunFolder& tuning, const std::vector<std::string>& wanted);

// The plan with what was chosen.
[[nodiscard]] Plan tuned(const Plan& plan, const Tuning& tuning);

}  // namespace regard::experiment
