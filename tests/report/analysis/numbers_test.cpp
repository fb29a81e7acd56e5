#include "framework/report/analysis/numbers.h"

#include <cmath>
#include <limits>

#include "tests/support/catch.h"

namespace regard::report {

TEST_CASE("numbers: the deviation is that of a sample") {
  const Spread three = spread({1, 2, 6});
  CHECK(three.mean == Approx(3));
  CHECK(three.deviation == Approx(std::sqrt(7.0)));
  CHECK(three.n == 3);
  CHECK(std::isnan(spread({5}).deviation));
  CHECK(std::isnan(spread({}).mean));
}

TEST_CASE("numbers: text has a real minus sign and no minus zero") {
  CHECK(fixed(91.2049, 2) == "91.20");
  CHECK(fixed(-0.001, 2) == "0.00");
  CHECK(fixed(-0.01, 2) == "−0.01");
  CHECK(fixed(std::numeric_limits<double>::infinity(), 2) == "–");
  CHECK(signed_fixed(6.1, 1) == "+6.1");
  CHECK(signed_fixed(0.001, 1) == "0.0");
  CHECK(grouped(1234567) == "1\u202f234\u202f567");
  CHECK(grouped(999) == "999");
  CHECK(grouped(-1000) == "−1\u202f000");
  CHECK(grouped(std::nan("")) == "–");
}

TEST_CASE("numbers: a single value has no deviation") {
  CHECK(with_deviation(spread({1, 2, 3}), 2) == "2.00 ± 1.00");
  CHECK(with_deviation(spread({1}), 2) == "1.00");
  CHECK(with_deviation(spread({}), 2) == "–");
  CHECK(plural(1, "seed") == "1 seed");
  CHECK(plural(3, "seed") == "3 seeds");
}

TEST_CASE("numbers: the smallest possible p-value of the resampling is written as a bound") {
  CHECK(p_text(1.0 / 1001, 1.0 / 1001) == "≤ 0.001");
  CHECK(p_text(2.0 / 1001, 2.0 / 1001) == "≤ 0.002");
  CHECK(p_text(3.0 / 1001, 2.0 / 1001) == "0.003");
  CHECK(p_text(0.0004) == "< 0.001");
  CHECK(p_text(1.0, 1.0 / 1001) == "1.000");
}

}  // namespace regard::report
