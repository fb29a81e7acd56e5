#include "framework/training/scheduled_sampling.h"

#include <algorithm>
#include <cmath>

namespace regard::training {

using Decay = ScheduledSampling::Decay;

double ScheduledSampling::gold_words(Index number) const {
  const auto U = static_cast<double>(updates);
  const double way = static_cast<double>(number - 1) / U;
  switch (decay) {
    case Decay::linear:
      return std::max(floor, 1 - way);
    case Decay::exponential:
      return std::max(floor, std::exp(-way));
    case Decay::inverse_sigmoid:
      return std::max(floor, U / (U + std::exp(way)));
    case Decay::none:
      break;
  }
  return 1;
}

const config::OptionTable<ScheduledSampling>& scheduled_sampling_rows() {
  using config::between;
  static const config::OptionTable<ScheduledSampling> rows = {
      config::choice("decay", &ScheduledSampling::decay,
                     {{"none", Decay::none, "always the target's own words"},
                      {"linear", Decay::linear, "down in a straight line over `updates`"},
                      {"exponential", Decay::exponential, "to 37 % after `updates`, and on so"},
                      {"inverse_sigmoid", Decay::inverse_sigmoid,
                       "slowly, then fast, then slowly; half is reached after updates times ln(updates)"}},
                     "how the share of the target's own words falls; the others are the model's best ones. Steps "
                     "then follow one another, which costs time"),
      config::option("updates", &ScheduledSampling::updates, config::at_least(1), "updates",
                     "how long that takes"),
      config::option("floor", &ScheduledSampling::floor, between(0, 1), "probability",
                     "the share that the target's own words keep"),
  };
  return rows;
}

}  // namespace regard::training
