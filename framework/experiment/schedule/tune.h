#pragma once
// Chooses options on the validation set, for each system separately, because one learning rate for all systems would
// favour some of them. All systems have the same candidates (plan/trials.h) and the same seeds. The candidates are a
// separate plan in FOLDER/tune, whose test sets are never decoded.
//
// Halving ends the worse candidates of a system in steps. Which go on follows from the histories of their runs alone, so a
// tuning that was killed and resumed ends the same ones.
#include <map>
#include <string>
#include <vector>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"

namespace regard::experiment {

// Returns the number of epochs of the candidates at each step; without halving one step, whose number is 0: as the plan
// says.
[[nodiscard]] std::vector<Index> steps_of(const Plan& plan);

// The number of epochs of candidates that are not those of the step, because halving ended them or they are beyond it.
using OwnEpochs = std::map<std::string, Index>;

// Returns the plan of the candidates at a step: each system with each point, the seeds of the tuning, and
// `decoding.test: never`.
[[nodiscard]] Plan tuning_plan(const Plan& plan, std::size_t step, const OwnEpochs& own = {});

// Returns the epochs to which the folder's candidates are trained now, as far as halving began with them.
[[nodiscard]] OwnEpochs epochs_now(const Plan& plan, const runs::RunFolder& tuning);

// Returns the names of a system's candidates in that plan, in the order of the points.
[[nodiscard]] std::vector<std::string> candidates_of(const Plan& plan, const std::string& system);

// Returns how many of these candidates go on after a step.
[[nodiscard]] std::size_t survivors(const Plan& plan, std::size_t candidates);

// Returns those of a system's candidates that take part in a step. All runs of the steps before must have ended.
[[nodiscard]] std::vector<std::string> taking_part(const Plan& plan, const runs::RunFolder& tuning,
                                                   const std::string& system, std::size_t step);

// Returns whether a candidate is trained for a later step already, so that this step is behind it.
[[nodiscard]] bool is_beyond(const Plan& plan, const OwnEpochs& now, const std::string& candidate,
                             std::size_t step);

// Returns whether all that a system's choice needs has ended, and is what the plan asks for.
[[nodiscard]] bool is_tuned(const Plan& plan, const runs::RunFolder& tuning, const std::string& system);

// Returns the message "FOLDER: candidate NAME with seed N failed (…), …" for the first wanted candidate that was
// killed or failed for a reason other than divergence; "" if there is none. Such a candidate may succeed another time,
// so a choice without it could not be reproduced.
[[nodiscard]] std::string unfinished_candidate(const Plan& candidates, const runs::RunFolder& tuning,
                                               const std::vector<std::string>& wanted);

// Returns, for each wanted system (empty: all), its points and the chosen one. This is the point whose best validations
// have the best mean over the seeds, among those that halving did not end; of equal ones the first. A point with a
// diverged run is not chosen. FolderError if a system has only such points.
[[nodiscard]] runs::Tuning choose(const Plan& plan, const runs::RunFolder& tuning,
                                  const std::vector<std::string>& wanted);

// Returns the plan with the chosen values.
[[nodiscard]] Plan tuned(const Plan& plan, const runs::Tuning& tuning);

}  // namespace regard::experiment
