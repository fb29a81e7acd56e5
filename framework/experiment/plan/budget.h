#pragma once
// Applies the budget of a plan (runs/budget.h) to the options of a training.
#include "framework/runs/budget.h"
#include "framework/training/options.h"

namespace regard::experiment {

// Sets the length of the training to that of the budget; changes nothing if the budget has no length.
void apply(const runs::Budget& budget, training::TrainingOptions& training);

}  // namespace regard::experiment
