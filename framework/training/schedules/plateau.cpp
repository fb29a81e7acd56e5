// Each validation that is not better than the best one so far multiplies the learning rate by the factor:
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
    .summary = "smaller after each validation without improvement",
    .options = {config::number_option("factor", 0.5, config::between(0, 1), "",
                                      "factor of the rate for each validation without improvement")},
    .make = [](const config::Options& options) -> SchedulePtr {
      return std::make_unique<Plateau>(options.number("factor"));
    },
});

}  // namespace
}  // namespace regard::training
