#include <fmt/format.h>

#include "framework/report/figures/figure.h"

namespace regard::report {

void add_intervention_figures(const Analysis& analysis, std::vector<Figure>& all) {
  Figure figure;
  figure.id = "intervention-even-loss";
  figure.x_label = "source length, mean of the bucket";
  figure.y_label = "change of loss with even weights (nats a token)";
  figure.caption = fmt::format(
      "How much worse each system predicts the references of {} if its attention weights are made even, by source "
      "length. Bars: 95 % intervals. A system at 0 does not use its attention.",
      analysis.primary_test);
  figure.bars = true;
  figure.any_y = true;
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    for (const InterventionEffect& effect : analysis.interventions.effects) {
      if (effect.system != analysis.systems[s].name || effect.test != analysis.primary_test) continue;
      if (effect.by_length.empty()) continue;
      Series series{effect.system, s, false, {}};
      for (const EffectByLength& part : effect.by_length)
        series.points.push_back({part.length, part.loss.change, part.loss.low, part.loss.high});
      figure.series.push_back(std::move(series));
    }
  }
  all.push_back(std::move(figure));
}

}  // namespace regard::report
