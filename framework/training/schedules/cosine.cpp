// A linear warm-up, then half a cosine down to the floor, then constant (Loshchilov and Hutter 2017, eq. 5, without
// restarts):
//   update / warmup                                                     up to update `warmup`
//   floor + (1 - floor) (1 + cos(pi min(1, (update - warmup) / (updates - warmup)))) / 2          after it
#include <algorithm>
#include <cmath>
#include <numbers>

#include "framework/training/schedule.h"

namespace regard::training {
namespace {

class Cosine final : public Schedule {
 public:
  Cosine(Index updates, Index warmup, double floor) : updates_(updates), warmup_(warmup), floor_(floor) {}
  double factor(const Counters& now) const override {
    if (now.update <= warmup_) return static_cast<double>(now.update) / static_cast<double>(warmup_);
    const auto length = static_cast<double>(std::max<Index>(1, updates_ - warmup_));
    const double way = std::min(1.0, static_cast<double>(now.update - warmup_) / length);
    return floor_ + (1 - floor_) * (1 + std::cos(std::numbers::pi * way)) / 2;
  }

 private:
  Index updates_, warmup_;
  double floor_;
};

[[maybe_unused]] const bool registered = register_schedule({
    .name = "cosine",
    .summary = "decreases to a floor in half a cosine (Loshchilov and Hutter 2017)",
    .options = {config::integer_option("updates", 10000, config::at_least(1), "updates",
                                       "updates until the floor is reached; usually those of the whole training"),
                config::integer_option("warmup", 0, config::at_least(0), "updates",
                                       "updates of the linear increase at the start"),
                config::number_option("floor", 0, config::between(0, 1), "", "final factor of the rate")},
    .make = [](const config::Options& options) -> SchedulePtr {
      return std::make_unique<Cosine>(options.integer("updates"), options.integer("warmup"),
                                      options.number("floor"));
    },
});

}  // namespace
}  // namespace regard::training
