#include "framework/experiment/plan/budget.h"

#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

training::TrainingOptions with(const runs::Budget& budget) {
  training::TrainingOptions training;
  training.epochs = 7;
  training.max_updates = 1;
  training.max_tokens = 2;
  training.max_minutes = 3;
  apply(budget, training);
  return training;
}

}  // namespace

TEST_CASE("budget: its one length takes the place of every other") {
  const auto updates = with({.updates = 50});
  CHECK(updates.epochs == runs::kEndless);
  CHECK(updates.max_updates == 50);
  CHECK(updates.max_tokens == 0);
  CHECK(updates.max_minutes == 0);
  const auto tokens = with({.tokens = 70});
  CHECK(tokens.epochs == runs::kEndless);
  CHECK(tokens.max_updates == 0);
  CHECK(tokens.max_tokens == 70);
  const auto minutes = with({.minutes = 1.5});
  CHECK(minutes.max_minutes == 1.5);
  CHECK(minutes.max_tokens == 0);
}

TEST_CASE("budget: without a length a training keeps its own") {
  for (const runs::Budget& budget : {runs::Budget{}, runs::Budget{.parameters = true}}) {
    const auto training = with(budget);
    CHECK(training.epochs == 7);
    CHECK(training.max_updates == 1);
    CHECK(training.max_tokens == 2);
    CHECK(training.max_minutes == 3);
  }
}

}  // namespace regard::experiment
