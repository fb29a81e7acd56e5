// Tests the tuning of a plan (`tune:`) with the real program.
#include <fmt/format.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "framework/base/base.h"
#include "framework/base/sha256.h"
#include "tests/cli/plan_sandbox.h"

namespace regard::test {
namespace {

const std::string kTuned =
    plan_with(kBoth, "epochs: 2", "tune: {grid: {training.learning_rate: [0.000001, 0.01]}, seeds: [7, 8]}\n");

}  // namespace

TEST_CASE("tune: each system's options are chosen on the validation set and no test set is decoded", "[cli]") {
  const PlanSandbox lab(kTuned);
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(has(end.err, "tuning: 4 candidates with 2 seeds each, on the validation set only\n"));
  CHECK(has(end.err, "tuning: general uses training.learning_rate 0.01: validation loss "));
  CHECK(has(end.err, ", the best of 2\n"));
  const auto tuning = json_of(lab / "tune.json");
  CHECK(tuning["metric"] == "loss");
  CHECK(tuning["seeds"] == nlohmann::json{7, 8});
  CHECK(tuning["systems"][1]["name"] == "general");
  CHECK(tuning["systems"][1]["chosen"] == 1);
  CHECK(tuning["systems"][1]["points"][0]["values"]["training.learning_rate"] == "0.000001");
  CHECK(tuning["systems"][1]["points"][0]["mean"] > tuning["systems"][1]["points"][1]["mean"]);
  // The candidates have not decoded a test set; the runs have decoded each one once.
  CHECK(json_of(lab / "tune/general-l0.01/seed-7/manifest.json")["decoded"] == nlohmann::json::object());
  CHECK_FALSE(fs::exists(lab / "tune/general-l0.01/seed-7/hypotheses"));
  CHECK(json_of(lab / "general/seed-1/manifest.json")["decoded"] == nlohmann::json{{"test", 1}, {"test_long", 1}});
  // The resolved plan has the chosen values, and gives the same runs.
  CHECK(has(read_file(lab / "plan.resolved.yaml"), "training.learning_rate: 0.01"));
  const std::string page = read_file(lab / "report/index.html");
  CHECK(has(page, "What the tuning chose"));
  CHECK(has(page, "the section Tuning has how"));
  fs::copy_file(lab / "plan.resolved.yaml", lab.path() / "r.yaml");
  CHECK(regard(lab.path(), {"run", "r.yaml", "--out", "runs/again"}).code == 0);
  CHECK(regard(lab.path(), {"digest", "runs/again"}).out == lab.digest());
  // A second start chooses the same from the finished candidates.
  const Ended second = lab.run();
  CHECK(has(second.err, "0 runs to do, 8 done before"));
  CHECK(has(second.err, "0 runs to do, 1 done before") == false);
  CHECK(second.seconds < 1.5);
  CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
  CHECK(has(regard(lab.path(), {"status", "runs/tiny"}).out, "candidates of the tuning:\n"));
  // A candidate that the grid no longer has is a leftover; the others are kept.
  CHECK(regard(lab.path(), {"clean", "runs/tiny"}).out == "runs/tiny: nothing to remove\n");
  lab.change(plan_with(kBoth, "epochs: 2", "tune: {grid: {training.learning_rate: [0.01]}, seeds: [7, 8]}\n"));
  CHECK(has(lab.run().err, "0 runs to do, 4 done before"));
  const std::string leftovers = regard(lab.path(), {"clean", "runs/tiny"}).out;
  CHECK(has(leftovers, "runs/tiny/tune/general-l0.000001/seed-7: the plan has no such system ("));
  CHECK_FALSE(has(leftovers, "l0.01/"));
}

TEST_CASE("tune: --dry-run counts what the folder has of candidates and runs", "[cli]") {
  const PlanSandbox lab(kTuned);
  CHECK(lab.run({"--only", "general"}).code == 0);
  const Ended part = lab.run({"--dry-run"});
  INFO(part.out << part.err);
  CHECK(part.code == 0);
  CHECK(has(part.out, "runs/tiny: 4 of 8 runs finished, 0 begun; only the rest is counted\n"));
  CHECK(
      has(part.out,
          "\nthe runs; those of vanilla are counted whole, with what tuning has not chosen yet as the plan writes "
          "it:\nruns/tiny: 1 of 2 runs finished, 0 begun; only the rest is counted\n"));
  CHECK(lab.run().code == 0);
  const Ended all = lab.run({"--dry-run"});
  CHECK(has(all.out,
            "\nthe runs, with what tuning chose:\n"
            "runs/tiny: 2 of 2 runs finished, 0 begun; only the rest is counted\n"));
}

TEST_CASE("tune: a failed candidate is not chosen and it is an error if all failed", "[cli]") {
  const PlanSandbox lab(plan_with("{a: {}}", "epochs: 1, clip_norm: 0",
                                  "tune: {grid: {training.learning_rate: [1.0e+38, 0.01]}}\n"));
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(has(end.err, "tuning: a uses training.learning_rate 0.01: "));
  CHECK(json_of(lab / "tune.json")["systems"][0]["points"][0]["mean"] == "NaN");
  lab.change(
      plan_with("{a: {}}", "epochs: 1, clip_norm: 0", "tune: {grid: {training.learning_rate: [1.0e+38]}}\n"));
  const Ended none = lab.run({"--out", "runs/none"});
  CHECK(none.code == 2);
  CHECK(has(none.err,
            "error: runs/none/tune: no candidate of system 'a' finished with all seeds, so nothing can be chosen "
            "for it; `regard status runs/none/tune` shows why\n"));
}

TEST_CASE("tune: a candidate that was killed is tried again before anything is chosen", "[cli]") {
  const PlanSandbox lab(kTuned);
  Program running(lab.path(), PlanSandbox::words({"--jobs", "1"}));
  // The killed candidate has the good learning rate; without it the other would be chosen.
  REQUIRE(wait_until(running, [&] {
    if (!fs::exists(lab / "tune/general-l0.01/seed-7/run.yaml")) return false;
    const auto children = children_of(running.pid());
    if (!children.empty()) kill(children.front(), SIGKILL);
    return !children.empty();
  }));
  const Ended end = running.wait();
  INFO(end.err);
  CHECK(end.code == 1);
  CHECK(has(end.err,
            "error: runs/tiny/tune: candidate general-l0.01 with seed 7 failed (killed by signal 9 (Killed)), so "
            "nothing is chosen; the same command tries it again\n"));
  CHECK(end.out.empty());
  CHECK_FALSE(fs::exists(lab / "tune.json"));
  CHECK_FALSE(fs::exists(lab / "general"));
  CHECK(lab.run().code == 0);
  CHECK(lab.digest() == fresh(kTuned));
}

TEST_CASE("tune: a random search with halving that is killed and resumed chooses the same", "[cli]") {
  const std::string plan =
      plan_with(kBoth, "epochs: 4",
                "tune: {search: random, trials: 4, space: {training.learning_rate: {log: [1e-6, 1e-2]}}, "
                "halving: {first: 1, factor: 2}}\n");
  const PlanSandbox whole(plan);
  const Ended end = whole.run();
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(has(end.err, "tuning: 8 candidates with 1 seed each, 1 epoch, on the validation set only\n"));
  CHECK(has(end.err, "tuning: 4 candidates with 1 seed each, 2 epochs, on the validation set only\n"));
  CHECK(has(end.err, "tuning: 2 candidates with 1 seed each, 4 epochs, on the validation set only\n"));
  const auto epochs_of = [](const PlanSandbox& lab, const std::string& run) {
    const std::string history = read_file(lab / ("tune/" + run + "/seed-1/history.jsonl"));
    return std::count(history.begin(), history.end(), '\n');
  };
  const auto tuning = json_of(whole / "tune.json");
  for (const auto& system : tuning["systems"]) {
    int ended = 0;
    for (const auto& point : system["points"]) {
      const Index after = point["epochs"].get<Index>();
      ended += after > 0 ? 1 : 0;
      CHECK(epochs_of(whole, point["system"]) == (after > 0 ? after : 4));
    }
    CHECK(ended == 3);
    CHECK(system["points"][system["chosen"].get<std::size_t>()]["epochs"] == 0);
  }
  CHECK(has(read_file(whole / "report/index.html"), "ended early, by halving"));
  CHECK(json_of(whole / "report/results.json")["tuning"]["systems"][0]["expected_best"].size() == 4);

  // All systems have the same trials.
  for (std::size_t k = 0; k < 4; ++k)
    CHECK(tuning["systems"][0]["points"][k]["values"] == tuning["systems"][1]["points"][k]["values"]);

  const PlanSandbox cut(plan);
  CHECK(cut.run({"--only", "general"}).code == 0);  // as if stopped between the systems
  const Path again = cut / "tune/general-t1/seed-1/status.json";
  fs::remove(again);  // as if killed within a step
  CHECK(cut.run().code == 0);
  CHECK(read_file(cut / "tune.json") == read_file(whole / "tune.json"));
  CHECK(cut.digest() == whole.digest());
  const Ended third = cut.run();
  CHECK(has(third.err, "0 runs to do, 4 done before"));
  CHECK(regard(cut.path(), {"verify", "runs/tiny"}).code == 0);
  CHECK(has(
      PlanSandbox(plan).run({"--dry-run"}).out,
      "this is the first step; then 2 of each system go on to 2 epochs, then 1 of each system go on to 4 epochs\n"));
  const Ended dry = cut.run({"--dry-run"});
  CHECK(has(dry.out, "runs/tiny: 8 of 8 runs finished, 0 begun; only the rest is counted\n"));
  CHECK_FALSE(has(dry.out, "this is the first step"));
}

}  // namespace regard::test
