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

TEST_CASE("schedule: the error of an unknown one names the nearest and lists all") {
  CHECK_THROWS_WITH(
      make_schedule({.name = "platau"}),
      "unknown schedule 'platau'; did you mean 'plateau'? Known: constant (the same from the first "
      "update to the last), cosine (decreases to a floor in half a cosine (Loshchilov and Hutter 2017)), "
      "halving (halved in each epoch after the first ones (Luong et al. 2015)), inverse_sqrt "
      "(linear increase to the rate, then decrease with the inverse square root of the updates "
      "(Vaswani et al. 2017)), plateau (smaller after each validation without improvement)");
}

}  // namespace regard::training
