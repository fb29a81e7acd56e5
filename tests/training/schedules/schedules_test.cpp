#include "framework/training/schedule.h"

#include "tests/support/catch.h"

namespace regard::training {

TEST_CASE("schedules: constant does not change") {
  const auto schedule = make_schedule({.name = "constant"});
  CHECK(schedule->factor({.update = 1}) == 1);
  CHECK(schedule->factor({.update = 100000, .epoch = 9, .misses = 7}) == 1);
}

TEST_CASE("schedules: plateau halves the rate after each validation without an improvement") {
  const auto schedule = make_schedule({.name = "plateau"});
  CHECK(schedule->factor({.update = 1}) == 1);
  CHECK(schedule->factor({.update = 900, .misses = 1}) == 0.5);
  CHECK(schedule->factor({.update = 900, .epoch = 4, .misses = 3}) == 0.125);
}

TEST_CASE("schedules: halving keeps the rate for some epochs and then halves it after each") {
  const auto schedule = make_schedule({.name = "halving"});
  CHECK(schedule->factor({.update = 900, .epoch = 1, .misses = 3}) == 1);
  CHECK(schedule->factor({.update = 900, .epoch = 5}) == 1);
  CHECK(schedule->factor({.update = 901, .epoch = 6}) == 0.5);
  CHECK(schedule->factor({.update = 2000, .epoch = 10}) == 1.0 / 32);
}

TEST_CASE("schedules: inverse_sqrt rises to 1 and falls with the square root of the updates") {
  const auto schedule = make_schedule({.name = "inverse_sqrt"});
  CHECK(schedule->factor({.update = 1}) == 1.0 / 4000);
  CHECK(schedule->factor({.update = 2000}) == 0.5);
  CHECK(schedule->factor({.update = 4000}) == 1);
  CHECK(schedule->factor({.update = 16000, .epoch = 9, .misses = 9}) == 0.5);
}

TEST_CASE("schedules: cosine falls from 1 to the floor and stays there") {
  config::Options options;
  options.put("updates", {Index{110}});
  options.put("warmup", {Index{10}});
  options.put("floor", {0.1});
  const auto schedule = make_schedule({.name = "cosine", .options = options});
  CHECK(schedule->factor({.update = 5}) == 0.5);
  CHECK(schedule->factor({.update = 10}) == 1);
  CHECK(schedule->factor({.update = 60}) == Approx(0.55).epsilon(1e-14));
  CHECK(schedule->factor({.update = 110}) == Approx(0.1).epsilon(1e-14));
  CHECK(schedule->factor({.update = 5000}) == Approx(0.1).epsilon(1e-14));
}

}  // namespace regard::training
