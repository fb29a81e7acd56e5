#include "framework/training/schedule.h"

#include "tests/support/catch.h"

namespace regard::training {

TEST_CASE("schedule: options that are not given have their defaults") {
  config::Options options;
  options.put("factor", {0.25});
  CHECK(make_schedule({.name = "plateau"})->factor({.misses = 1}) == 0.5);
  CHECK(make_schedule({.name = "plateau", .options = options})->factor({.misses = 1}) == 0.25);
}

TEST_CASE("schedule: a registration says where it is from") {
  for (const ScheduleEntry* entry : schedules().entries()) {
    INFO(entry->name);
    const Registration& where = schedules().registration(entry->name);
    CHECK(where.file == "framework/training/schedules/" + entry->name + ".cpp");
    CHECK(where.plugin.empty());
  }
}

TEST_CASE("schedule: an unknown one is refused with the nearest and all there are") {
  CHECK_THROWS_WITH(
      make_schedule({.name = "platau"}),
      "unknown schedule 'platau'; did you mean 'plateau'? Known: constant (the same from the first "
      "update to the last), cosine (down to a floor in half a cosine (Loshchilov and Hutter 2017)), "
      "halving (half as large with each epoch after the first few (Luong et al. 2015)), inverse_sqrt "
      "(up to the rate in a straight line, then down with the root of the updates (Vaswani et al. "
      "2017)), plateau (smaller after each validation that does not improve)");
}

}  // namespace regard::training
