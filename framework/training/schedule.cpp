#include "framework/training/schedule.h"

namespace regard::training {

Registry<ScheduleEntry>& schedules() {
  static Registry<ScheduleEntry> registry;
  return registry;
}

bool register_schedule(ScheduleEntry entry, const char* file, int line) {
  return schedules().add(std::move(entry), file, line);
}

}  // namespace regard::training
