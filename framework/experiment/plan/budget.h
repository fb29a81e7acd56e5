#pragma once
// What the budget of a plan (runs/budget.h) changes in the options of a training.
#include "framework/runs/budget.h"
#include "framework/training/options.h"

namespace regard::experiment {

// Gives the training the length that the budget states; changes nothing where it states none.
void apply(const runs::Budget& budget, training::TrainingOptions& training);

}  // namespace regard::experiment
