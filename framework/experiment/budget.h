#pragma once
// `budget:` of a plan: what all systems have alike beside data and seeds.
#include "framework/config/rows.h"
#include "framework/training/options.h"

namespace regard::experiment {

struct Budget {
  Index updates = 0;        // of each training
  Index tokens = 0;         // target tokens of each training
  double minutes = 0;       // of each training
  bool parameters = false;  // as many as the baseline, by model.hidden

  [[nodiscard]] bool of_length() const { return updates > 0 || tokens > 0 || minutes > 0; }
  [[nodiscard]] bool empty() const { return !of_length() && !parameters; }
  friend bool operator==(const Budget&, const Budget&) = default;
};

[[nodiscard]] const config::Rows<Budget>& budget_rows();

// Epochs where the budget says how long a training is: more than any has.
inline constexpr Index kEndless = 1'000'000;

// The length that the budget gives a training.
void apply(const Budget& budget, training::TrainingOptions& training);

// "5000 updates each; as many parameters as 'vanilla'": what a report says was held equal; "" for none.
[[nodiscard]] std::string held_equal(const Budget& budget, const std::string& baseline);

}  // namespace regard::experiment
