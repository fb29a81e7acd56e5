#pragma once
// `budget.parameters`: chooses an even model.hidden for each system so that its number of parameters is nearest to the
// baseline's; of two equally near ones the smaller. Only widths that its attention accepts are possible. The baseline
// keeps its own width. In tuning, a candidate is matched to the baseline's candidate of the same point.
#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

// Returns the plan with these widths, and one warning for each system that differs by more than 1 %. ConfigError if a
// system's attention accepts no even width.
[[nodiscard]] Plan matched(const Plan& plan, const Corpora& corpora);

// Returns the number of parameters of the system for these vocabularies.
[[nodiscard]] Index parameters_of(const models::ModelOptions& model, const Corpora& corpora);

}  // namespace regard::experiment
