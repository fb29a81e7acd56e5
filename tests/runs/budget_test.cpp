#include "framework/runs/budget.h"

#include "tests/support/catch.h"

namespace regard::runs {

TEST_CASE("budget: the summary of equal quantities is a part of a sentence") {
  CHECK(budget_summary({}, "vanilla").empty());
  CHECK(budget_summary({.updates = 5000, .parameters = true}, "vanilla") ==
        "5000 updates each; as many parameters as 'vanilla', by model.hidden");
  CHECK(budget_summary({.tokens = 7, .minutes = 1.5}, "a") ==
        "7 target tokens each; 1.5 minutes of training each");
}

TEST_CASE("budget: parameters alone do not limit the length of a training") {
  const Budget none;
  CHECK(none.empty());
  const Budget parameters{.parameters = true};
  CHECK_FALSE(parameters.empty());
  CHECK_FALSE(parameters.of_length());
  for (const Budget& budget : {Budget{.updates = 1}, Budget{.tokens = 1}, Budget{.minutes = 0.5}}) {
    CHECK(budget.of_length());
    CHECK_FALSE(budget.empty());
  }
}

}  // namespace regard::runs
