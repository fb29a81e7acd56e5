// Each validation that does not improve on the best one so far multiplies the learning rate by the factor:
//   factor^misses
#include <cmath>

#include "framework/training/schedule.h"

namespace regard::training {
namespace {

class Plateau final : public Schedule {
 public:
  explicit Plateau(double factor) : factor_(factor) {}
  double factor(const Counters& now) const override { return std::pow(factor_, static_cast<double>(now.misses)); }

 private:
  double factor_;
};

[[maybe_unused]] const bool registered = register_schedule({
    .name = "plateau",
    .summary = "smaller after each validation that does not improve",
    .options = {config::number_option("factor", 0.5, config::between(0, 1), "",
                                      "what each validation without improvement multiplies the rate by")},
    .make = [](const config::Options& options) -> SchedulePtr {
      return std::make_unique<Plateau>(options.number("factor"));
    },
});

}  // namespace
}  // namespace regard::training
