#include "framework/runs/budget.h"

#include <fmt/format.h>

namespace regard::runs {

const config::OptionTable<Budget>& length_rows() {
  using config::at_least;
  using config::option;
  static const config::OptionTable<Budget> rows = {
      option("updates", &Budget::updates, at_least(0), "updates", "updates of each training; 0: no budget"),
      option("tokens", &Budget::tokens, at_least(0), "target tokens",
             "each training ends with the update that reaches this number; 0: no budget"),
      option("minutes", &Budget::minutes, at_least(0), "minutes",
             "each training ends after this time of training; the result depends on the machine, and a repetition "
             "gives other numbers. 0: no budget"),
  };
  return rows;
}

const config::OptionTable<Budget>& budget_rows() {
  static const config::OptionTable<Budget> rows = [] {
    config::OptionTable<Budget> all = length_rows();
    all.push_back(config::option("parameters", &Budget::parameters,
                                 "every system has as many parameters as the baseline: "
                                 "model.hidden becomes the nearest even number"));
    return all;
  }();
  return rows;
}

std::string budget_summary(const Budget& budget, const std::string& baseline) {
  std::string text;
  const auto add = [&text](const std::string& part) {
    text += fmt::format("{}{}", text.empty() ? "" : "; ", part);
  };
  if (budget.updates > 0) add(fmt::format("{} updates each", budget.updates));
  if (budget.tokens > 0) add(fmt::format("{} target tokens each", budget.tokens));
  if (budget.minutes > 0) add(fmt::format("{} minutes of training each", budget.minutes));
  if (budget.parameters) add(fmt::format("as many parameters as '{}', by model.hidden", baseline));
  return text;
}

}  // namespace regard::runs
