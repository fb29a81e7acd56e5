#pragma once
// `budget.parameters`: every system gets as many parameters as the baseline, as near as an even model.hidden that
// its attention takes comes; of two that are equally near, the smaller. The baseline keeps its own. A candidate of
// a tuning is matched to the baseline's candidate of the same point.
#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

// The plan with the widths that were found; one warning for each system that stays more than 1 % away. ConfigError
// where a system's attention takes no even width.
[[nodiscard]] Plan matched(const Plan& plan, const Corpora& corpora);

// Returns the number of parameters of the system for these vocabularies.
[[nodiscard]] Index parameters_of(const models::ModelOptions& model, const Corpora& corpora);

}  // namespace regard::experiment
