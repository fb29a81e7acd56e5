#pragma once
// Schedules of the learning rate. A schedule is a function of the counters only, so it has no state in a checkpoint.
// Each is one file in schedules/ with one registration.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/registry.h"
#include "framework/config/options.h"
#include "framework/config/value.h"

namespace regard::training {

// The counters of a training at an update.
struct Counters {
  Index update = 1;  // the update's number
  Index epoch = 1;   // the update's epoch, counted from 1
  Index misses = 0;  // validations without improvement so far
};

class Schedule {
 public:
  virtual ~Schedule() = default;
  // Returns the factor of the learning rate of an update.
  [[nodiscard]] virtual double factor(const Counters& now) const = 0;
};

using SchedulePtr = std::unique_ptr<const Schedule>;

struct ScheduleEntry {
  static constexpr const char* kind = "schedule";

  std::string name;
  std::string summary;  // one line
  std::vector<config::OptionRow> options = {};
  std::function<SchedulePtr(const config::Options&)> make;
};

// The registry of schedules: filled while libraries are loaded, read-only afterwards.
[[nodiscard]] Registry<ScheduleEntry>& schedules();

bool register_schedule(ScheduleEntry entry, const char* file = __builtin_FILE(), int line = __builtin_LINE());

// Makes the schedule with this name; missing options have their defaults. ConfigError for an unknown name.
[[nodiscard]] SchedulePtr make_schedule(const config::Tagged& which);

}  // namespace regard::training
