// Luong's halving (Luong et al. 2015, section 4.1): constant for some epochs, then smaller in each epoch:
//   factor^max(0, epoch - after)                     epochs counted from 1
#include <algorithm>
#include <cmath>

#include "framework/training/schedule.h"

namespace regard::training {
namespace {

class Halving final : public Schedule {
 public:
  Halving(double factor, Index after) : factor_(factor), after_(after) {}
  double factor(const Counters& now) const override {
    return std::pow(factor_, static_cast<double>(std::max<Index>(0, now.epoch - after_)));
  }

 private:
  double factor_;
  Index after_;
};

[[maybe_unused]] const bool registered = register_schedule({
    .name = "halving",
    .summary = "halved in each epoch after the first ones (Luong et al. 2015)",
    .options = {config::number_option("factor", 0.5, config::between(0, 1), "",
                                      "factor of the rate in each epoch after them"),
                config::integer_option(
                    "after", 5, config::at_least(0), "epochs",
                    "number of first epochs with the full rate; the paper has 8 of 12 with dropout")},
    .make = [](const config::Options& options) -> SchedulePtr {
      return std::make_unique<Halving>(options.number("factor"), options.integer("after"));
    },
});

}  // namespace
}  // namespace regard::training
