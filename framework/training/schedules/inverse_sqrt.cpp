// A linear warm-up, then a decrease with the inverse square root of the updates (Vaswani et al. 2017, section 5.3). The
// learning rate is the peak:
//   min(update / warmup, sqrt(warmup / update))
#include <algorithm>
#include <cmath>

#include "framework/training/schedule.h"

namespace regard::training {
namespace {

class InverseSqrt final : public Schedule {
 public:
  explicit InverseSqrt(Index warmup) : warmup_(static_cast<double>(warmup)) {}
  double factor(const Counters& now) const override {
    const auto update = static_cast<double>(now.update);
    return std::min(update / warmup_, std::sqrt(warmup_ / update));
  }

 private:
  double warmup_;
};

[[maybe_unused]] const bool registered = register_schedule({
    .name = "inverse_sqrt",
    .summary =
        "linear increase to the rate, then decrease with the inverse square root of the updates (Vaswani et al. 2017)",
    .options = {config::integer_option("warmup", 4000, config::at_least(1), "updates",
                                       "updates of the increase; more are safer with large rates")},
    .make = [](const config::Options& options) -> SchedulePtr {
      return std::make_unique<InverseSqrt>(options.integer("warmup"));
    },
});

}  // namespace
}  // namespace regard::training
