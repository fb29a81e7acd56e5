#include "framework/runs/results.h"

#include <fmt/format.h>

#include <filesystem>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::runs {
namespace {

fixture::Options small() {
  fixture::Options options;
  options.systems = {"vanilla", "dot"};
  options.seeds = {1, 2};
  options.sentences = 8;
  options.attention_sentences = 3;
  return options;
}

std::string sentence_of(const Path& folder) {
  try {
    (void)load_results(folder);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("results: a folder is read back as it was written") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const Results results = load_results(folder.path());
  CHECK(results.plan.name == "quickstart");
  CHECK(results.plan.baseline == "vanilla");
  REQUIRE(results.plan.systems.size() == 2);
  CHECK(results.plan.systems[1].differences ==
        std::vector<std::pair<std::string, std::string>>{{"model.attention", "dot"}});
  CHECK(results.data.synthetic);
  REQUIRE(results.tests.size() == 2);
  CHECK(results.tests[1].name == "test_long");
  CHECK(results.tests[0].alignment.size() == 8);
  REQUIRE(results.runs.size() == 4);
  CHECK(results.runs[3].system == "dot");
  CHECK(results.runs[3].seed == 2);
  CHECK(results.runs[3].state == RunState::finished);
  CHECK(results.runs[3].history.size() == 12);
  CHECK(results.runs[3].hypotheses.at("test").size() == 8);
  CHECK(results.runs[3].attention.at("test").size() == 3);
  CHECK(results.runs[0].attention.empty());
}

TEST_CASE("results: a missing or unfinished or failed run is not an error") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const RunFolder paths{folder.path()};
  std::filesystem::remove_all(paths.run("vanilla", 1).folder);
  std::filesystem::remove(paths.run("vanilla", 2).status());
  write_file(paths.run("vanilla", 2).history(), read_file(paths.run("vanilla", 2).history()) + "{\"epoch\": 1");
  Status failed;
  failed.reason = "step 12: loss is nan";
  write_file(paths.run("dot", 1).status(), to_json(failed));
  const Results results = load_results(folder.path());
  CHECK(results.runs[0].state == RunState::missing);
  CHECK(results.runs[1].state == RunState::unfinished);
  CHECK(results.runs[1].history.size() == 12);
  CHECK(results.runs[2].state == RunState::failed);
  CHECK(results.runs[2].reason == "step 12: loss is nan");
  CHECK(results.runs[3].state == RunState::finished);
}

TEST_CASE("results: a damaged file is named with the damage") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const RunFolder paths{folder.path()};
  const RunPaths run = paths.run("dot", 1);
  const auto damaged = [&](const Path& path, const std::string& bytes) {
    const std::string before = read_file(path);
    write_file(path, bytes);
    const std::string said = sentence_of(folder.path());
    write_file(path, before);
    REQUIRE(said.starts_with(path.string()));
    return said.substr(path.string().size());
  };
  CHECK(damaged(run.status(), "{\"state\": ") == ": is damaged: it is not JSON");
  CHECK(damaged(run.status(), "[]") == ": expected an object, got []");
  CHECK(damaged(run.status(), "{\"state\": \"done\"}") ==
        ": state: expected \"failed\" or \"finished\", got \"done\"");
  CHECK(damaged(run.scores(), "{\"tests\": {}}") ==
        ": tests.test: is missing, but status.json says that the run is finished");
  CHECK(damaged(run.history(), "{\"epoch\": 1}\n") == ":1: update: is missing");
  CHECK(damaged(run.hypotheses("test"), "one\n") == ": is damaged: 1 lines for the 8 sentences of test");
  CHECK(damaged(run.hypotheses("test"), "a\nb\xFFs\n") == ":2: is damaged: byte 2 is not UTF-8");
  CHECK(damaged(paths.test_source("test"), "") == ": is damaged: 0 lines for the 8 sentences of data/data.json");
  CHECK(damaged(paths.test_alignment("test"), "0-0 1\n\n\n\n\n\n\n\n") ==
        ":1: '1' is not a link; write sure links as i-j and possible "
        "ones as i?j or ipj, with positions from 0, source first");
  CHECK(damaged(run.attention("test"),
                "{\"index\":0,\"source\":[\"a\"],\"target\":[\"b\"],\"weights\":[[0.5,0.5]]}\n") ==
        ":1: weights[0]: expected 1 numbers, one for each source token, got 2");
  CHECK(damaged(run.attention("test"),
                "{\"index\":0,\"source\":[\"a\"],\"target\":[\"b\",\"c\"],\"weights\":[[1],[0.5,0.5]]}\n") ==
        ":1: weights[1]: expected 1 numbers, as in the row before, got 2");
  CHECK(damaged(run.attention("test"), "{\"index\":0,\"source\":[\"a\"],\"target\":[\"b\"],\"weights\":[]}\n") ==
        ":1: weights: expected 1 rows, one for each target token, got 0");
  CHECK(damaged(run.attention("test"),
                "{\"index\":8,\"source\":[\"a\"],\"target\":[\"b\"],\"weights\":[[0.5]]}\n") ==
        ": index: 8 is not a sentence of test, which has 8");
  CHECK(damaged(paths.resolved_plan(), "name: x\nsystems: {a: {}}\n") == ": seeds: is missing or empty");
  CHECK(damaged(paths.resolved_plan(), "name: x\nsystems: {a: {}}\nseeds: [1, two]\n") ==
        ":3:12: seeds: expected whole numbers, got \"two\"");
  CHECK(damaged(paths.resolved_plan(), "name: x\nseeds: [1]\n") == ": systems: is missing or empty");
  CHECK(sentence_of(folder.path()) == "no error");
}

TEST_CASE("results: the differences of a system are on one line") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  write_file(
      RunFolder{folder.path()}.resolved_plan(),
      "name: x\nsystems:\n  vanilla: {}\n  dot:\n    model.attention:\n      type: concat\n      hidden: 128\n"
      "    a: [1, 2]\n    b: null\nseeds: [1]\nreport: {baseline: dot}\n");
  const PlanFacts plan = load_results(folder.path()).plan;
  CHECK(plan.baseline == "dot");
  CHECK(plan.systems[0].differences.empty());
  CHECK(plan.systems[1].differences ==
        std::vector<std::pair<std::string, std::string>>{
            {"model.attention", "{type: concat, hidden: 128}"}, {"a", "[1, 2]"}, {"b", "null"}});
}

TEST_CASE("results: a folder without a plan is not a run folder") {
  const test::TempFolder folder;
  CHECK(sentence_of(folder.path()) ==
        folder.path().string() +
            ": is not a run folder: it has no plan.resolved.yaml; give the folder that `regard run` wrote");
}

}  // namespace regard::runs
