#include "framework/evaluation/distributions.h"

#include <cmath>
#include <limits>

#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("distributions: quantiles of Student's t and of chi squared as tables have them") {
  CHECK(student_t_quantile(0.975, 10) == Approx(2.228138852).epsilon(1e-9));
  CHECK(student_t_quantile(0.025, 10) == Approx(-2.228138852).epsilon(1e-9));
  CHECK(student_t_quantile(0.75, 1) == Approx(1).epsilon(1e-12));                     // tan(pi / 4)
  CHECK(student_t_quantile(0.9, 2) == Approx(0.8 / std::sqrt(0.18)).epsilon(1e-12));  // (2p - 1) / sqrt(2p(1 - p))
  CHECK(student_t_quantile(0.5, 3.5) == Approx(0).margin(1e-12));                     // no whole number of degrees
  CHECK(chi_squared_quantile(0.95, 2) == Approx(-2 * std::log(0.05)).epsilon(1e-12));  // exponential
  CHECK(chi_squared_quantile(0.95, 1) == Approx(std::pow(1.959963984540054, 2)).epsilon(1e-12));
}

TEST_CASE("distributions: a p-value counts both tails and infinity has none") {
  CHECK(student_t_two_sided_p(0, 5) == Approx(1).epsilon(1e-12));
  CHECK(student_t_two_sided_p(1, 1) == Approx(0.5).epsilon(1e-12));
  CHECK(student_t_two_sided_p(2, 2) == Approx(1 - 2 / std::sqrt(6.0)).epsilon(1e-12));
  CHECK(student_t_two_sided_p(-2, 2) == student_t_two_sided_p(2, 2));
  CHECK(student_t_two_sided_p(std::numeric_limits<double>::infinity(), 3) == 0);
}

TEST_CASE("distributions: the degrees that give a quantile lie within their bounds") {
  CHECK(student_t_degrees(0.975, 2.228138851964939, 1, 1000) == Approx(10).epsilon(1e-9));
  CHECK(student_t_degrees(0.975, student_t_quantile(0.975, 3.25), 1, 1000) == Approx(3.25).epsilon(1e-9));
  CHECK(student_t_degrees(0.975, 100, 1, 1000) == 1);     // more than one degree gives
  CHECK(student_t_degrees(0.975, 1.9, 1, 1000) == 1000);  // less than any number gives
}

TEST_CASE("distributions: the power is the level without a shift and grows to one with it") {
  const double critical = student_t_quantile(0.975, 8);
  CHECK(student_t_power(0, 8, critical) == Approx(0.05).epsilon(1e-9));
  CHECK(student_t_power(2, 8, critical) == Approx(student_t_power(-2, 8, critical)).epsilon(1e-9));
  CHECK(student_t_power(2, 8, critical) > 0.3);
  CHECK(student_t_power(2, 8, critical) < 0.6);
  CHECK(student_t_power(1.96, 1e6, 1.96) == Approx(0.5).epsilon(1e-3));  // nearly normal
  CHECK(student_t_power(30, 8, critical) == Approx(1).epsilon(1e-9));
  CHECK(student_t_power(1e6, 8, critical) == 1);
}

}  // namespace regard::evaluation
