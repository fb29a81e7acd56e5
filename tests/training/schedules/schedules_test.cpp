#include "framework/training/schedule.h"

#include "tests/support/catch.h"

namespace regard::training {

TEST_CASE("schedules: constant stays as it is") {
  const auto schedule = make_schedule({.name = "constant"});
  CHECK(schedule->factor(1, 0) == 1);
  CHECK(schedule->factor(100000, 7) == 1);
}

TEST_CASE("schedules: plateau halves with each validation that does not improve") {
  const auto schedule = make_schedule({.name = "plateau"});
  CHECK(schedule->factor(1, 0) == 1);
  CHECK(schedule->factor(900, 1) == 0.5);
  CHECK(schedule->factor(900, 3) == 0.125);
}

TEST_CASE("schedules: an unknown one is refused with the nearest and all there are") {
  CHECK_THROWS_WITH(make_schedule({.name = "platau"}),
                    "unknown schedule 'platau'; did you mean 'plateau'? Known: constant (the same from the first "
                    "update to the last), plateau (smaller after each validation that does not improve)");
}

}  // namespace regard::training
