#include "framework/evaluation/distributions.h"

#include <cmath>
#include <cstdint>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/toms748_solve.hpp>

namespace regard::evaluation {
namespace {

constexpr double far = 37.0;  // in standard deviations; the probability beyond is negligible

}  // namespace

double student_t_quantile(double probability, double degrees) {
  return boost::math::quantile(boost::math::students_t(degrees), probability);
}

double student_t_two_sided_p(double t, double degrees) {
  if (std::isinf(t)) return 0.0;
  return 2.0 * boost::math::cdf(boost::math::complement(boost::math::students_t(degrees), std::abs(t)));
}

double student_t_degrees(double probability, double quantile, double low, double high) {
  if (quantile >= student_t_quantile(probability, low)) return low;
  if (quantile <= student_t_quantile(probability, high)) return high;
  const auto off = [&](double logarithm) {
    return student_t_quantile(probability, std::exp(logarithm)) - quantile;
  };
  std::uintmax_t steps = 60;
  const auto [below, above] = boost::math::tools::toms748_solve(
      off, std::log(low), std::log(high), boost::math::tools::eps_tolerance<double>(40), steps);
  return std::exp(0.5 * (below + above));
}

double chi_squared_quantile(double probability, double degrees) {
  return boost::math::quantile(boost::math::chi_squared(degrees), probability);
}

double student_t_power(double shift, double degrees, double critical) {
  if (shift > far) return 1.0;
  const boost::math::non_central_t shifted(degrees, shift);
  return boost::math::cdf(boost::math::complement(shifted, critical)) + boost::math::cdf(shifted, -critical);
}

}  // namespace regard::evaluation
