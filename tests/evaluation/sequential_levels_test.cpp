#include "framework/evaluation/sequential_levels.h"

#include "framework/base/errors.h"
#include "framework/evaluation/distributions.h"
#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("student t: the finite sum agrees with the distribution's integral") {
  for (const Index degrees : {1, 2, 3, 4, 5, 8, 19, 60}) {
    for (const double t : {-1.5, 0.0, 0.3, 1.0, 2.5, 7.0, 30.0}) {
      const double both = student_t_two_sided_p(t, static_cast<double>(degrees));
      CHECK(student_t_upper(t, degrees) == Approx(t < 0 ? 1.0 - 0.5 * both : 0.5 * both).margin(1e-12));
    }
  }
}

TEST_CASE("look levels: one look has the whole level and more looks have less") {
  CHECK(LookLevels(5, 5).nominal(0.025, 5, 1) == 0.025);
  const LookLevels levels(3, 20);
  CHECK(levels.nominal(0.025, 3, 1) == Approx(0.025));
  double before = 0.025;
  for (const double last : {4.0, 6.5, 10.0, 20.0}) {
    const double now = levels.nominal(0.025, last, 1);
    INFO(last << ": " << now);
    CHECK(now < before);
    CHECK(now > 0.025 / (last - 2));  // better than Bonferroni over the looks
    before = now;
  }
  CHECK(before == Approx(0.0096).epsilon(0.05));
  CHECK(levels.nominal(0.025, 50, 1) == before);
  CHECK(levels.nominal(0.025, 20, 0.25) == Approx(before / 8));  // 0.25^1.5
}

TEST_CASE("look levels: what is spent grows to the whole level at the last look") {
  const LookLevels levels(3, 20);
  double before = 0.0;
  for (double now = 3; now <= 20; ++now) {
    const double spent = levels.spent(0.025, 20, now);
    CHECK(spent >= before);
    before = spent;
  }
  CHECK(before == Approx(0.025));
  CHECK(levels.spent(0.025, 20, 5) < 0.008);
}

TEST_CASE("look levels: a last look before the first is an internal error") {
  CHECK_THROWS_AS(LookLevels(4, 3), InternalError);
  CHECK_THROWS_AS(LookLevels(1, 3), InternalError);
  CHECK_THROWS_AS(student_t_upper(1.0, 0), InternalError);
}

}  // namespace regard::evaluation
