#include "framework/runs/progress.h"

#include <cmath>

#include "framework/base/files.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::runs {
namespace {

using enum ProgressState;

RunProgress run(ProgressState state, double seconds = 0, double left = 0) {
  RunProgress progress;
  progress.state = state;
  progress.seconds = seconds;
  progress.seconds_left = left;
  return progress;
}

}  // namespace

TEST_CASE("progress: the time left is that of running and waiting runs") {
  PlanProgress plan;
  plan.jobs = 2;
  plan.runs = {run(waiting), run(waiting)};
  CHECK_FALSE(seconds_left(plan));
  plan.runs = {run(finished, 100), run(running, 50, 150), run(waiting), run(waiting), run(failed, 3)};
  // A run takes (100 + 200) / 2 = 150 s: 150 s for the current one and for two more, two at a time.
  CHECK(seconds_left(plan).value() == Approx(225));
}

TEST_CASE("progress: it is written to a file and read back") {
  PlanProgress plan{"p", 3, 1.5, {run(running, 2, 4)}};
  plan.runs[0].stage = "training";
  plan.runs[0].bleu = 12.5;
  const auto again = from_json<PlanProgress>(to_json(plan), "progress.json");
  CHECK(again.plan == "p");
  CHECK(again.jobs == 3);
  CHECK(again.runs.at(0).stage == "training");
  CHECK(again.runs.at(0).bleu == 12.5);
  CHECK(again.runs.at(0).seconds_left == 4);
}

TEST_CASE("progress: a missing loss and a missing BLEU are NaN") {
  const test::TempFolder folder;
  const RunFolder runs{folder.path()};
  write_file(runs.resolved_plan(), "name: p\nsystems: {a: {}}\nseeds: [1]\n");
  make_folder(runs.run("a", 1).folder);
  write_file(runs.run("a", 1).identity(), "seed: 1\ntraining:\n  epochs: 3\n");
  const auto found = progress_of(folder.path());
  CHECK(std::isnan(found.runs.at(0).loss));
  CHECK(std::isnan(found.runs.at(0).bleu));
  const auto again = from_json<PlanProgress>(to_json(found), "progress.json");
  CHECK(std::isnan(again.runs.at(0).bleu));
}

TEST_CASE("progress: a state has one of five words") {
  for (const ProgressState state : {waiting, running, stopped, finished, failed}) {
    const PlanProgress plan{"p", 1, 0, {run(state)}};
    CHECK(from_json<PlanProgress>(to_json(plan), "progress.json").runs.at(0).state == state);
  }
  std::string text = to_json(PlanProgress{"p", 1, 0, {run(running)}});
  text.replace(text.find("running"), 7, "asleep");
  CHECK_THROWS_WITH(
      from_json<PlanProgress>(text, "progress.json"),
      "progress.json: runs[0].state: expected \"waiting\", \"running\", \"stopped\", \"finished\" or "
      "\"failed\", got \"asleep\"");
}

TEST_CASE("progress: it comes from the files of the runs if no process works") {
  const test::TempFolder folder;
  const RunFolder runs{folder.path()};
  write_file(runs.resolved_plan(), "name: p\nsystems: {a: {}, b: {}}\nseeds: [1, 2]\n");
  write_file(runs.progress(), "an old one, and damaged");
  for (const char* name : {"a", "b"}) make_folder(runs.run(name, 1).folder);
  write_file(runs.run("a", 1).identity(), "seed: 1\ntraining:\n  epochs: 16\n  max_updates: 0\n");
  write_file(runs.run("b", 1).identity(), "seed: 1\n");
  HistoryEntry entry;
  entry.epoch = 4;
  entry.update = 20;
  entry.valid_bleu = 33;
  write_file(runs.run("a", 1).history(), to_json(entry));
  Status failed;
  failed.reason = "the disk is full";
  write_file(runs.run("b", 1).status(), to_json(failed));
  const auto plan = progress_of(folder.path());
  REQUIRE(plan.runs.size() == 4);
  CHECK(plan.runs[0].epochs == 16);
  CHECK(plan.runs[0].updates == 80);
  CHECK_FALSE(plan.holder);
  CHECK(plan.runs[0].state == ProgressState::stopped);
  CHECK(plan.runs[0].epoch == 4);
  CHECK(plan.runs[0].bleu == 33);
  CHECK(plan.runs[1].state == ProgressState::waiting);
  CHECK(plan.runs[2].state == ProgressState::failed);
  CHECK(plan.runs[2].reason == "the disk is full");
  CHECK(plan.runs[3].state == ProgressState::waiting);
}

}  // namespace regard::runs
