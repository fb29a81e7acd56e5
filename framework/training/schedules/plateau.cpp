// Each validation that does not improve on the best one so far multiplies the learning rate by the factor:
//   factor^misses
#include <cmath>

#include "framework/training/schedule.h"

namespace regard::training {
namespace {

class Plateau final : public Schedule {
 public:
  explicit Plateau(double factor) : factor_(factor) {}
  double factor(Index, Index misses) const override { return std::pow(factor_, static_cast<double>(misses)); }

 private:
  double factor_;
};

[[maybe_unused]] const bool registered = register_schedule({
    .name = "plateau",
    .summary = "smaller after each validation that does not improve",
    .make = [](const config::Options&) -> SchedulePtr { return std::make_unique<Plateau>(0.5); },
});

}  // namespace
}  // namespace regard::training
