#include "framework/evaluation/exact_mean.h"

#include <limits>
#include <string>
#include <vector>

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

double mean(const std::vector<double>& values) { return exact_mean(values); }

constexpr double kBit = 0x1p-52;  // of a number from 1 to 2

}  // namespace

TEST_CASE("exact_mean: the sum is exact and rounded once") {
  CHECK(mean({3}) == 3);
  CHECK(mean({0.1, 0.2, 0.3}) == 0.2);  // (0.1 + 0.2 + 0.3) / 3 in doubles is a bit more
  CHECK(mean({1e16, 1, -1e16}) == 1.0 / 3);
  CHECK(mean({1e300, 1e-300, -1e300, 5e-301}) == 1.5e-300 / 4);
  CHECK(mean({0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}) == 0.1);
  CHECK(mean({0, 0}) == 0);
  CHECK(mean({-1, 1}) == 0);
}

TEST_CASE("exact_mean: the order of the values does not matter") {
  const std::vector<double> values{1e16, 3.25, -7e15, 1e-9, 2, -3e15, 0.1};
  std::vector<double> reversed(values.rbegin(), values.rend());
  CHECK(mean(values) == mean(reversed));
}

TEST_CASE("exact_mean: a mean in the middle of two doubles is the even one") {
  CHECK(mean({1, 1 + kBit}) == 1);
  CHECK(mean({1 + kBit, 1 + 2 * kBit}) == 1 + 2 * kBit);
  CHECK(mean({-1, -1 - kBit}) == -1);
  CHECK(mean({-1 - kBit, -1 - 2 * kBit}) == -1 - 2 * kBit);
  const double least = std::numeric_limits<double>::denorm_min();
  CHECK(mean({0, least}) == 0);
  CHECK(mean({least, 2 * least}) == 2 * least);
  CHECK(mean({0, least, least}) == least);
}

TEST_CASE("exact_mean: of nothing there is none") { CHECK_THROWS_AS(mean({}), InternalError); }

}  // namespace regard::evaluation
