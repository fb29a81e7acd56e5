#pragma once
// Choosing options on the validation set, for each system by itself: one learning rate for all would be a
// confound. The candidates are a plan of their own, in FOLDER/tune, whose test sets are never decoded.
#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"

namespace regard::experiment {

// The plan of the candidates: every system crossed with tune.grid, the tuning's seeds, decoding.test: never.
[[nodiscard]] Plan tuning_plan(const Plan& plan);

// The names of a system's candidates in that plan, in the order of the grid.
[[nodiscard]] std::vector<std::string> candidates_of(const Plan& plan, const std::string& system);

// A candidate that was killed, or failed by anything but its own numbers, would come out otherwise another time,
// and so would a choice without it: "FOLDER: candidate NAME with seed N failed (…), …" for the first, or "".
[[nodiscard]] std::string unfinished_candidate(const Plan& candidates, const runs::RunFolder& tuning,
                                               const std::vector<std::string>& wanted);

// What the finished candidates say: for each wanted system (empty: all) its points, and the one whose best
// validations are best on average over the seeds; of equals the first. A point with a run that diverged is not
// chosen. FolderError where a system has no point left.
[[nodiscard]] runs::Tuning choose(const Plan& plan, const runs::RunFolder& folder,
                                  const std::vector<std::string>& wanted);

// The plan with what was chosen.
[[nodiscard]] Plan tuned(const Plan& plan, const runs::Tuning& tuning);

}  // namespace regard::experiment
