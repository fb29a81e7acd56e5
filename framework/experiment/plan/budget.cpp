#include "framework/experiment/plan/budget.h"

namespace regard::experiment {

void apply(const runs::Budget& budget, training::TrainingOptions& training) {
  if (!budget.of_length()) return;
  training.epochs = runs::kEndless;
  training.max_updates = budget.updates;
  training.max_tokens = budget.tokens;
  training.max_minutes = budget.minutes;
}

}  // namespace regard::experiment
