#include "framework/evaluation/line_metrics.h"

#include <set>

#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("line metrics: each can be made, and its direction is that of its score") {
  std::set<std::string> keys;
  std::set<std::string> names;
  const Lines reference{"the cat sat on the mat today", "a dog ran to the old house"};
  const Lines worse{"the cat on mat the", "dog a house"};
  for (const LineMetricFacts& each : line_metrics()) {
    INFO(each.key);
    CHECK(&facts_of(each.metric) == &each);
    CHECK(line_metric_named(each.key) == each.metric);
    CHECK(keys.insert(each.key).second);
    const auto metric = each.make();
    CHECK(names.insert(metric->name()).second);
    const double right = metric->score(metric->statistics(reference, {reference}).sum());
    const double wrong = metric->score(metric->statistics(worse, {reference}).sum());
    CHECK(right == Approx(each.lower_is_better ? 0 : 100));
    CHECK((each.lower_is_better ? wrong > right : wrong < right));
  }
  CHECK(keys.size() == 9);
  CHECK_FALSE(line_metric_named("accuracy"));
}

}  // namespace regard::evaluation
