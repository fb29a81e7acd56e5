// A constant learning rate.
#include "framework/training/schedule.h"

namespace regard::training {
namespace {

class Constant final : public Schedule {
 public:
  double factor(const Counters&) const override { return 1; }
};

[[maybe_unused]] const bool registered = register_schedule({
    .name = "constant",
    .summary = "the same from the first update to the last",
    .make = [](const config::Options&) -> SchedulePtr { return std::make_unique<Constant>(); },
});

}  // namespace
}  // namespace regard::training
