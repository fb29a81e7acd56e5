#include "framework/report/analysis/tuning_curves.h"

#include <cmath>
#include <limits>

#include "tests/support/catch.h"

namespace regard::report {
namespace {

runs::Tuning tuning(const std::vector<double>& means, const std::string& metric) {
  runs::Tuning all;
  all.metric = metric;
  all.seeds = {1};
  runs::TunedSystem system{"a", {}, 0};
  for (const double mean : means) system.points.push_back({"", {}, {mean}, mean});
  all.systems = {system};
  return all;
}

}  // namespace

TEST_CASE("tuning curves: the expected best of n draws is that of all n-tuples") {
  const std::vector<double> values{3, 1, 2};
  CHECK(expected_best(values, 1) == Approx(2));
  double sum = 0;  // of the best of each of the nine pairs
  for (const double a : values) {
    for (const double b : values) sum += std::max(a, b);
  }
  CHECK(expected_best(values, 2) == Approx(sum / 9));
  CHECK(expected_best({5, 5, 5}, 7) == Approx(5));
  CHECK(std::isnan(expected_best({}, 1)));
}

TEST_CASE("tuning curves: the best of a loss is the smallest and of BLEU the largest") {
  const TuningCurve loss = tuning_curves(tuning({3, 1, 2}, "loss"))[0];
  REQUIRE(loss.points.size() == 3);
  CHECK(loss.points[0].value == Approx(2));
  CHECK(loss.points[1].value == Approx(4 - expected_best({1, 2, 3}, 2)));
  const TuningCurve bleu = tuning_curves(tuning({3, 1, 2}, "bleu"))[0];
  CHECK(bleu.points[1].value == Approx(expected_best({1, 2, 3}, 2)));
  for (const TuningCurve& curve : {loss, bleu}) {
    for (const ExpectedBest& point : curve.points) {
      CHECK(point.low <= point.value);
      CHECK(point.value <= point.high);
      CHECK(point.low < point.high);
      CHECK(point.low >= 1);
      CHECK(point.high <= 3);
    }
  }
}

TEST_CASE("tuning curves: a diverged trial counts as the worst and without any other there is no curve") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const TuningCurve curve = tuning_curves(tuning({3, nan, 1}, "loss"))[0];
  CHECK(curve.failed == 1);
  CHECK(curve.points[0].value == Approx((3 + 3 + 1) / 3.0));
  const TuningCurve none = tuning_curves(tuning({nan, nan}, "loss"))[0];
  CHECK(none.points.empty());
  CHECK(none.failed == 2);
}

}  // namespace regard::report
