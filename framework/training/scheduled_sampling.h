#pragma once
// Scheduled sampling (Bengio et al. 2015, section 2.4): the probability that the decoder reads a word of the target in
// training. After i updates, with U = `updates`:
//   linear            max(floor, 1 - i / U)
//   exponential       max(floor, e^(-i / U))
//   inverse_sigmoid   max(floor, U / (U + e^(i / U)))
#include "framework/config/option_table.h"

namespace regard::training {

struct ScheduledSampling {
  enum class Decay : std::uint8_t { none, linear, exponential, inverse_sigmoid };
  Decay decay = Decay::none;
  Index updates = 10000;
  double floor = 0;

  // Returns the probability for update `number`, counted from 1.
  [[nodiscard]] double gold_words(Index number) const;
};

[[nodiscard]] const config::OptionTable<ScheduledSampling>& scheduled_sampling_rows();

}  // namespace regard::training
