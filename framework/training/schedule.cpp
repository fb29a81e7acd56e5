#include "framework/training/schedule.h"

namespace regard::training {

Registry<ScheduleEntry>& schedules() {
  static Registry<ScheduleEntry> registry;
  return registry;
}

bool register_schedule(ScheduleEntry entry, const char* file, int line) {
  return schedules().add(std::move(entry), file, line);
}

SchedulePtr make_schedule(const config::Tagged& which) {
  const ScheduleEntry& entry = schedules().at(which.name);
  const bool given = !which.options.entries().empty();
  return entry.make(given ? which.options : config::defaults(entry.options));
}

}  // namespace regard::training
