// The tables of the section "Tuning".
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/report/analysis/tuning_curves.h"
#include "framework/report/tables/cells.h"
#include "framework/report/tables/tables.h"

namespace regard::report {

Table chosen_table(const Analysis& analysis) {
  Table table{"tuning-chosen", "What the tuning chose", {{"system", "", false}, {"trials", "", true}}, {}, {}};
  if (!analysis.results->tuning) return table;
  const runs::Tuning& tuning = *analysis.results->tuning;
  for (const auto& [key, values] : tuning.tried) table.columns.push_back({key, values, false});
  table.columns.push_back({fmt::format("validation {}", tuning.metric), "", true});
  const int digits = tuning.metric == "loss" ? 3 : 2;
  for (const runs::TunedSystem& system : tuning.systems) {
    const runs::TunedPoint& chosen = system.points[static_cast<std::size_t>(system.chosen)];
    const auto trials = static_cast<double>(system.points.size());
    std::vector<Cell> row{text_cell(system.name), number_cell(fixed(trials, 0), trials)};
    for (const auto& [key, values] : tuning.tried) {
      const auto value = chosen.values.find(key);
      row.push_back(text_cell(value == chosen.values.end() ? "–" : value->second));
    }
    row.push_back(number_cell(fixed(chosen.mean, digits), chosen.mean));
    table.rows.push_back(std::move(row));
    for (const std::string& end : system.ends)
      table.notes.push_back(fmt::format("{}: {}. A better value may lie beyond it.", system.name, end));
  }
  table.notes.push_back(fmt::format(
      "Chosen by the best validation {}, mean over {}, the same candidates for all systems; the candidates decoded no test "
      "set.",
      tuning.metric, plural(static_cast<Index>(tuning.seeds.size()), "seed")));
  return table;
}

Table tuning_table(const Analysis& analysis) {
  Table table{"tuning", "Expected best validation with fewer trials", {{"system", "", false}}, {}, {}};
  if (!analysis.results->tuning) return table;
  const runs::Tuning& tuning = *analysis.results->tuning;
  const std::vector<TuningCurve> curves = tuning_curves(tuning);
  Index most = 0;
  for (const TuningCurve& curve : curves) most = std::max(most, static_cast<Index>(curve.points.size()));
  std::vector<Index> shown;
  for (Index n = 1; n < most; n *= 2) shown.push_back(n);
  shown.push_back(most);
  for (const Index n : shown) table.columns.push_back({fmt::format("{} trial{}", n, n == 1 ? "" : "s"), "", true});
  const int digits = tuning.metric == "loss" ? 3 : 2;
  for (const TuningCurve& curve : curves) {
    std::vector<Cell> row{text_cell(curve.system)};
    for (const Index n : shown) {
      if (n > static_cast<Index>(curve.points.size())) {
        row.push_back(text_cell("–"));
        continue;
      }
      const ExpectedBest& point = curve.points[static_cast<std::size_t>(n - 1)];
      row.push_back(number_cell(fmt::format("{} [{}, {}]", fixed(point.value, digits), fixed(point.low, digits),
                                            fixed(point.high, digits)),
                                point.value));
    }
    table.rows.push_back(std::move(row));
    if (curve.failed > 0)
      table.notes.push_back(fmt::format("{}: {} diverged and count as the worst of the others.", curve.system,
                                        plural(curve.failed, "trial")));
    if (curve.ended > 0)
      table.notes.push_back(fmt::format("{}: {} ended early, by halving, and count with what they had reached.",
                                        curve.system, plural(curve.ended, "trial")));
  }
  table.notes.push_back(fmt::format(
      "The expected best validation {} of so many trials, drawn from those that were made (Dodge et al. 2019), with 95 % "
      "intervals from 1000 resamples of the trials. Compare systems in one column.",
      tuning.metric));
  return table;
}

Table trials_table(const Analysis& analysis) {
  Table table{"trials", "Every trial", {{"system", "", false}}, {}, {}};
  if (!analysis.results->tuning) return table;
  const runs::Tuning& tuning = *analysis.results->tuning;
  for (const auto& [key, values] : tuning.tried) table.columns.push_back({key, "", false});
  table.columns.push_back({fmt::format("validation {}", tuning.metric), "", true});
  table.columns.push_back({"", "", false});
  for (const runs::TunedSystem& system : tuning.systems) {
    for (std::size_t at = 0; at < system.points.size(); ++at) {
      const runs::TunedPoint& point = system.points[at];
      std::vector<Cell> row{text_cell(system.name)};
      for (const auto& [key, value] : point.values) row.push_back(text_cell(value));
      row.push_back(
          number_cell(std::isfinite(point.mean) ? fixed(point.mean, tuning.metric == "loss" ? 3 : 2) : "diverged",
                      point.mean));
      std::string end = point.epochs > 0 ? fmt::format("ended after {}", plural(point.epochs, "epoch")) : "";
      row.push_back(text_cell(static_cast<Index>(at) == system.chosen ? "chosen" : end));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace regard::report
