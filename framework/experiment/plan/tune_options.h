#pragma once
// The section `tune` of a plan.
#include <string>
#include <utility>
#include <vector>

#include "framework/config/option_table.h"
#include "framework/runs/budget.h"

namespace regard::experiment {

// Ends the worse candidates early (Jamieson and Talwalkar 2016, "successive halving"): all are trained for `first`
// epochs, one in `factor` goes on to `factor` times as many, and so on until the epochs of the plan.
struct Halving {
  Index first = 0;  // 0: every candidate is trained to its end
  Index factor = 3;
};

// Options that are chosen for each system on the validation set, before the plan's runs (schedule/tune.h).
struct TuneOptions {
  enum class Metric : std::uint8_t { loss, bleu };
  enum class Search : std::uint8_t { grid, random };

  Search search = Search::grid;
  std::vector<std::pair<std::string, config::Node>> grid;   // lists of values
  std::vector<std::pair<std::string, config::Node>> space;  // ranges, for a random search (trials.h)
  Index trials = 16;                                        // of a random search
  Index draw = 1;                                           // the seed of the drawn values
  runs::Budget budget;  // the length of a candidate's training; empty: the plan's
  Halving halving;
  Metric metric = Metric::loss;
  std::vector<Index> seeds{1};

  [[nodiscard]] bool empty() const { return grid.empty() && space.empty(); }  // nothing is tuned
};

[[nodiscard]] const config::OptionTable<TuneOptions>& tune_rows();

}  // namespace regard::experiment
