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

TEST_CASE("report metrics: each metric of translated lines but BLEU is a column of its own") {
  for (const evaluation::LineMetricFacts& each : evaluation::line_metrics()) {
    const auto column = report_metric_named(each.key);
    REQUIRE(column);
    const auto metric = line_metric_of(*column);
    CHECK(metric.has_value() == (each.metric != evaluation::LineMetric::bleu));
    if (metric) CHECK(*metric == each.metric);
  }
  CHECK_FALSE(line_metric_of(ReportMetric::minutes));
}

}  // namespace regard::runs
