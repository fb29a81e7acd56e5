#pragma once
// The `budget:` section of a plan: what is equal for all systems besides data and seeds. A run folder's resolved plan
// has the same section, so that the report can print it.
#include <string>

#include "framework/config/option_table.h"

namespace regard::runs {

struct Budget {
  Index updates = 0;        // of each training
  Index tokens = 0;         // target tokens of each training
  double minutes = 0;       // of each training
  bool parameters = false;  // as many as the baseline has, by choosing model.hidden

  [[nodiscard]] bool of_length() const { return updates > 0 || tokens > 0 || minutes > 0; }
  [[nodiscard]] bool empty() const { return !of_length() && !parameters; }
  friend bool operator==(const Budget&, const Budget&) = default;
};

[[nodiscard]] const config::OptionTable<Budget>& budget_rows();
[[nodiscard]] const config::OptionTable<Budget>& length_rows();  // updates, tokens and minutes alone

// The number of epochs of a training whose length the budget defines: more than any training needs.
inline constexpr Index kEndless = 1'000'000;

// Returns what the budget makes equal, as a phrase: "5000 updates each; as many parameters as 'vanilla', by
// model.hidden". Returns "" for an empty budget.
[[nodiscard]] std::string budget_summary(const Budget& budget, const std::string& baseline);

}  // namespace regard::runs
