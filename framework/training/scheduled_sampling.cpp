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
      config::choice(
          "decay", &ScheduledSampling::decay,
          {{"none", Decay::none, "always the words of the target"},
           {"linear", Decay::linear, "decreases linearly over `updates`"},
           {"exponential", Decay::exponential, "decreases exponentially, to 37 % after `updates`"},
           {"inverse_sigmoid", Decay::inverse_sigmoid,
            "decreases slowly, then fast, then slowly; to one half after updates times ln(updates)"}},
          "how the share of words from the target decreases; the others are the model's best words. Then steps "
          "are computed one after the other, which needs more time"),
      config::option("updates", &ScheduledSampling::updates, config::at_least(1), "updates",
                     "time scale of the decrease"),
      config::option("floor", &ScheduledSampling::floor, between(0, 1), "probability",
                     "least share of words from the target"),
  };
  return rows;
}

}  // namespace regard::training
