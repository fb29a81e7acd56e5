#include "framework/report/analysis/tuning_curves.h"
#include "framework/report/formats/json_parts.inl"

namespace regard::report {

Json tuning_json(const runs::Tuning& tuning) {
  Json out{{"metric", tuning.metric},
           {"search", tuning.search},
           {"tried", tuning.tried},
           {"seeds", tuning.seeds},
           {"systems", Json::array()}};
  const std::vector<TuningCurve> curves = tuning_curves(tuning);
  for (std::size_t s = 0; s < tuning.systems.size(); ++s) {
    const runs::TunedSystem& system = tuning.systems[s];
    Json one{{"name", system.name},
             {"chosen", system.points[static_cast<std::size_t>(system.chosen)].values},
             {"ends", system.ends},
             {"trials", Json::array()},
             {"expected_best", Json::array()}};
    for (const runs::TunedPoint& point : system.points)
      one["trials"].push_back(
          {{"values", point.values}, {"mean", number_json(point.mean)}, {"ended_after", point.epochs}});
    for (const ExpectedBest& point : curves[s].points) {
      one["expected_best"].push_back({{"trials", point.trials},
                                      {"value", number_json(point.value)},
                                      {"low", number_json(point.low)},
                                      {"high", number_json(point.high)}});
    }
    out["systems"].push_back(std::move(one));
  }
  return out;
}

}  // namespace regard::report
