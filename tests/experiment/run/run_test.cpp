#include "framework/experiment/run/run.h"

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/runs/digest.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/tiny_run.h"

namespace regard::experiment {
namespace {

using test::tiny_plan_text;
using test::TinyRuns;

RunOutcome done(const TinyRuns& runs, const RunHooks& hooks = {}, Index seed = 1) {
  return do_run(runs.plan, runs.plan.systems[1], seed, runs.corpora, runs.folder, hooks);
}

runs::Status status_of(const runs::RunPaths& paths) {
  return runs::from_json<runs::Status>(read_file(paths.status()), "status");
}

}  // namespace

TEST_CASE("run: it trains and decodes and scores and says each stage") {
  const TinyRuns runs;
  std::vector<std::string> stages;
  Index validations = 0, updates = 0;
  RunHooks hooks;
  hooks.event = [&](const RunEvent& event) {
    if (const auto* stage = std::get_if<StageBegan>(&event)) stages.push_back(stage->name);
    if (std::holds_alternative<HistoryEntry>(event)) ++validations;
    if (std::holds_alternative<training::Progress>(event)) ++updates;
    CHECK_FALSE(std::holds_alternative<RunFailed>(event));
  };
  CHECK(done(runs, hooks) == RunOutcome::finished);
  CHECK(stages.front() == "training");
  CHECK(std::count(stages.begin(), stages.end(), "decoding test") == 1);
  CHECK(std::count(stages.begin(), stages.end(), "decoding test_long") == 1);
  CHECK(validations == 1);
  CHECK(updates == 3);
  const runs::RunPaths paths = runs.paths();
  const runs::Status status = status_of(paths);
  CHECK(status.finished);
  CHECK(status.updates == 3);
  CHECK(status.stopped == "epochs");
  const auto manifest = runs::from_json<runs::Manifest>(read_file(paths.manifest()), "manifest");
  CHECK_FALSE(manifest.finished.empty());
  CHECK(manifest.precision == "float32");
  CHECK(manifest.decoded.at("test") == 1);
  auto files = runs::hashes_of(paths.folder);
  CHECK(files.erase("status.json") == 1);  // written last
  CHECK(manifest.files == files);
  const auto scores = runs::from_json<runs::Scores>(read_file(paths.scores()), "scores");
  CHECK(scores.tests.size() == 2);
  CHECK(scores.tests.at("test").sentences == 4);
  CHECK(read_log(paths.hypotheses("test")).size() == 4);
}

TEST_CASE("run: finished stages are skipped") {
  const TinyRuns runs;
  CHECK(done(runs) == RunOutcome::finished);
  const auto files = runs::hashes_of(runs.paths().folder);
  Index updates = 0;
  RunHooks hooks;
  hooks.event = [&](const RunEvent& event) {
    updates += std::holds_alternative<training::Progress>(event) ? 1 : 0;
  };
  CHECK(done(runs, hooks) == RunOutcome::finished);
  CHECK(updates == 0);
  CHECK(runs::hashes_of(runs.paths().folder) == files);
  const auto manifest = runs::from_json<runs::Manifest>(read_file(runs.paths().manifest()), "manifest");
  CHECK(manifest.decoded.at("test") == 1);
}

TEST_CASE("run: one that is told to stop goes on later and ends as one in one go") {
  const std::string text = tiny_plan_text("", "training: {batch: {sentences: 8}, epochs: 3}\n");
  const TinyRuns whole(text), parts(text);
  CHECK(done(whole) == RunOutcome::finished);
  Index interruptions = 0;
  for (;; ++interruptions) {
    REQUIRE(interruptions < 20);
    Index updates = 0;
    RunHooks hooks;
    hooks.stop = [&] { return ++updates == 2; };
    if (done(parts, hooks) == RunOutcome::finished) break;
    CHECK_FALSE(std::filesystem::exists(parts.paths().status()));
  }
  CHECK(interruptions > 2);
  CHECK(runs::hashes_of(parts.paths().folder) == runs::hashes_of(whole.paths().folder));
}

TEST_CASE("run: another seed is another run") {
  const TinyRuns runs;
  CHECK(done(runs, {}, 1) == RunOutcome::finished);
  CHECK(done(runs, {}, 2) == RunOutcome::finished);
  CHECK(read_file(runs.paths("general", 1).history()) != read_file(runs.paths("general", 2).history()));
}

TEST_CASE("run: a training that diverges is failed with its reason and the error goes on") {
  const TinyRuns runs(tiny_plan_text(
      "", "training: {batch: {sentences: 8}, epochs: 9, optimizer: sgd, learning_rate: 1e30, clip_norm: 0}\n"));
  std::string reason;
  try {
    static_cast<void>(done(runs));
  } catch (const NonFiniteError& error) {
    reason = error.what();
  }
  INFO(reason);
  CHECK(reason.starts_with("step "));
  const runs::Status status = status_of(runs.paths());
  CHECK_FALSE(status.finished);
  CHECK(status.reason == reason);
  CHECK(status.stopped == runs::kDiverged);
  CHECK(read_file(runs.paths().log()).find("failed: " + reason) != std::string::npos);
}

TEST_CASE("run: a damaged checkpoint is failed and says how to begin anew") {
  const TinyRuns runs;
  CHECK(done(runs) == RunOutcome::finished);
  for (const Path& file : {runs.paths().last_checkpoint(), runs.paths().previous_checkpoint()}) {
    if (std::filesystem::exists(file)) write_file(file, "no checkpoint");
  }
  std::filesystem::remove(runs.paths().status());
  std::string reason;
  try {
    static_cast<void>(done(runs));
  } catch (const CheckpointError& error) {
    reason = error.what();
  }
  INFO(reason);
  CHECK(reason.ends_with("; --retrain trains this run again from the start"));
  CHECK(status_of(runs.paths()).reason == reason);
}

TEST_CASE("run: guided alignment needs a corpus with alignments") {
  std::string text = tiny_plan_text();
  const std::string attention = "model.attention: general";
  text.replace(text.find(attention), attention.size(), attention + ", training.guided_alignment: 1");
  TinyRuns runs(text);
  runs.corpora.prepared.gold = {};
  CHECK_THROWS_WITH(done(runs),
                    "training.guided_alignment: the training text has no word alignments; give them as the third "
                    "file of data.files.train, or set it to 0");
}

}  // namespace regard::experiment
