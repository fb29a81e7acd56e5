#include "framework/report/analysis/analysis.h"

#include <cmath>

#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

Results read(fixture::Options options) {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  return runs::load_results(folder.path());
}

fixture::Options small() {
  fixture::Options options;
  options.systems = {"vanilla", "dot"};
  options.sentences = 12;
  return options;
}

}  // namespace

TEST_CASE("analysis: a mean is over finished runs only") {
  Results results = read(small());
  results.runs[4].state = RunState::failed;  // dot, seed 2
  const Analysis analysis = analyse(results);
  CHECK(analysis.primary_test == "test");
  CHECK(analysis.long_test == "test_long");
  CHECK(analysis.tokenizer == "13a");
  CHECK(analysis.baseline()->name == "vanilla");
  const SystemSummary& dot = analysis.systems[1];
  CHECK(dot.finished.size() == 2);
  const double first = results.runs[3].scores.tests.at("test").bleu.at("13a").score;
  const double third = results.runs[5].scores.tests.at("test").bleu.at("13a").score;
  CHECK(dot.bleu.at("test").at("13a").mean == Approx((first + third) / 2));
  CHECK(dot.bleu.at("test").at("13a").n == 2);
}

TEST_CASE("analysis: a comparison pairs seeds") {
  Results results = read(small());
  results.runs[0].state = RunState::failed;  // vanilla, seed 1
  const Analysis analysis = analyse(results);
  REQUIRE(analysis.comparisons.size() == 2);
  const auto score = [&](std::size_t run) {
    return results.runs[run].scores.tests.at("test").bleu.at("13a").score;
  };
  CHECK(analysis.comparisons[0].difference.n == 2);
  CHECK(analysis.comparisons[0].difference.mean == Approx((score(4) - score(1) + score(5) - score(2)) / 2));
}

TEST_CASE("analysis: a plan without a finished run is still reported") {
  Results results = read(small());
  for (Run& run : results.runs) {
    Run failed;
    failed.system = run.system;
    failed.seed = run.seed;
    failed.state = RunState::failed;
    failed.reason = "stopped";
    run = failed;
  }
  const Analysis analysis = analyse(results);
  CHECK(analysis.systems[0].finished.empty());
  CHECK(std::isnan(analysis.buckets.at("test")[0].buckets[0].bleu[0].mean));
  CHECK(analysis.comparisons[0].verdict ==
        "dot cannot be compared with vanilla on test: no seed finished in both.");
}

TEST_CASE("analysis: the state of a run is described in words") {
  Run run;
  CHECK(state_in_words(run) == "not started");
  run.state = RunState::unfinished;
  CHECK(state_in_words(run) == "unfinished");
  run.history.resize(1);
  run.history[0].epoch = 3;
  run.history[0].update = 306;
  CHECK(state_in_words(run) == "unfinished (epoch 3, update 306)");
  run.state = RunState::failed;
  run.reason = "the disk is full";
  CHECK(state_in_words(run) == "failed: the disk is full");
  run.state = RunState::finished;
  CHECK(state_in_words(run) == "finished");
}

}  // namespace regard::report
