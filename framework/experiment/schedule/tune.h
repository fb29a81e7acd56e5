#pragma once
// Chooses options on the validation set, for each system separately, because one learning rate for all systems
// would be a confound. The candidates are a plan of their own, in FOLDER/tune, whose test sets are never decoded.
#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"

namespace regard::experiment {

// Returns the plan of the candidates: every system crossed with tune.grid, the tuning's seeds, decoding.test:
// never.
[[nodiscard]] Plan tuning_plan(const Plan& plan);

// The names of a system's candidates in that plan, in the order of the grid.
[[nodiscard]] std::vector<std::string> candidates_of(const Plan& plan, const std::string& system);

// A candidate that was killed, or failed by anything but its own numbers, would come out otherwise another time,
// and so would a choice without it: "FOLDER: candidate NAME with seed N failed (…), …" for the first, or "".
[[nodiscard]] std::string unfinished_candidate(const Plan& candidates, const runs::RunFolder& tuning,
                                               const std::vector<std::string>& wanted);

// Returns, for each wanted system (empty: all), its points and the chosen one: the point with the best mean of
// best validations over the seeds; of equal ones the first. A point with a diverged run is not chosen. FolderError
// if a system has no other point.
[[nodiscard]] runs::Tuning choose(const Plan& plan, const runs::RunFolder& folder,
                                  const std::vector<std::string>& wanted);

// Returns the plan with the chosen values.
[[nodiscard]] Plan tuned(const Plan& plan, const runs::Tuning& tuning);

}  // namespace regard::experiment
