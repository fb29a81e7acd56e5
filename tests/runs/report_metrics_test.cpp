#include "framework/runs/report_metrics.h"

#include <algorithm>
#include <set>
#include <string>

#include "tests/support/catch.h"

namespace regard::runs {

TEST_CASE("report metrics: each has one name by which it is found") {
  std::set<std::string> names;
  for (const NamedMetric& each : report_metrics()) {
    INFO(each.name);
    CHECK(names.insert(each.name).second);
    CHECK(name_of(each.metric) == std::string(each.name));
    CHECK(report_metric_named(each.name) == each.metric);
  }
  CHECK_FALSE(report_metric_named("blue").has_value());
  CHECK_FALSE(report_metric_named("").has_value());
}

}  // namespace regard::runs
