#pragma once
// Chooses options on the validation set, for each system separately, because one learning rate for all systems would
// favour some of them. The candidates are a separate plan in FOLDER/tune, whose test sets are never decoded.
#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"

namespace regard::experiment {

// Returns the plan of the candidates: each system with each point of tune.grid, the seeds of the tuning, and
// `decoding.test: never`.
[[nodiscard]] Plan tuning_plan(const Plan& plan);

// Returns the names of a system's candidates in that plan, in the order of the grid.
[[nodiscard]] std::vector<std::string> candidates_of(const Plan& plan, const std::string& system);

// Returns the message "FOLDER: candidate NAME with seed N failed (…), …" for the first wanted candidate that was
// killed or failed for a reason other than divergence; "" if there is none. Such a candidate may succeed another time,
// so a choice without it could not be reproduced.
[[nodiscard]] std::string unfinished_candidate(const Plan& candidates, const runs::RunFolder& tuning,
                                               const std::vector<std::string>& wanted);

// Returns, for each wanted system (empty: all), its points and the chosen one. This is the point whose best validations
// have the best mean over the seeds; of equal ones the first. A point with a diverged run is not chosen. FolderError if
// a system has only such points.
[[nodiscard]] runs::Tuning choose(const Plan& plan, const runs::RunFolder& folder,
                                  const std::vector<std::string>& wanted);

// Returns the plan with the chosen values.
[[nodiscard]] Plan tuned(const Plan& plan, const runs::Tuning& tuning);

}  // namespace regard::experiment
