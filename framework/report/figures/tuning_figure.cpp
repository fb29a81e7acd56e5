#include <fmt/format.h>

#include <algorithm>

#include "framework/report/analysis/tuning_curves.h"
#include "framework/report/figures/figure.h"

namespace regard::report {

void add_tuning_figures(const Analysis& analysis, std::vector<Figure>& all) {
  if (!analysis.results->tuning) return;
  const runs::Tuning& tuning = *analysis.results->tuning;
  Figure figure;
  figure.id = "tuning-expected-best";
  figure.x_label = "trials";
  figure.y_label = tuning.metric == "loss" ? "expected best validation loss" : "expected best validation BLEU";
  figure.caption = fmt::format(
      "The expected best validation {} of each system if so many trials had been made (Dodge et al. 2019). Bars: 95 % "
      "intervals. A curve that still falls or rises at its end has not found its best.",
      tuning.metric == "loss" ? "loss" : "BLEU");
  figure.bars = true;
  figure.any_y = true;
  for (const TuningCurve& curve : tuning_curves(tuning)) {
    const auto at = std::find_if(analysis.systems.begin(), analysis.systems.end(),
                                 [&](const SystemSummary& system) { return system.name == curve.system; });
    if (at == analysis.systems.end() || curve.points.size() < 2) continue;
    Series series{curve.system, static_cast<std::size_t>(at - analysis.systems.begin()), false, {}};
    for (const ExpectedBest& point : curve.points)
      series.points.push_back({static_cast<double>(point.trials), point.value, point.low, point.high});
    figure.series.push_back(std::move(series));
  }
  if (!figure.series.empty()) all.push_back(std::move(figure));
}

}  // namespace regard::report
