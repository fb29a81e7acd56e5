#include "framework/inference/export.h"

#include <set>

#include "framework/base/errors.h"
#include "framework/inference/translator.h"
#include "tests/support/catch.h"
#include "tests/support/tiny_run.h"
#include "tests/support/toy.h"

namespace regard::inference {
namespace {

std::set<std::string> files_below(const Path& folder) {
  std::set<std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) all.insert(entry.path().lexically_relative(folder).string());
  }
  return all;
}

}  // namespace

TEST_CASE("export: a folder of the run's files is a run like the one it came from") {
  const test::TinyRuns runs;
  const auto paths = runs.run();
  const TrainedRun run(paths.folder);
  const Path to = runs / "model";
  export_run(run, to);
  CHECK(files_below(to) == std::set<std::string>{"plan.resolved.yaml", "data/data.json", "data/source.vocab",
                                                 "data/target.vocab", "general/seed-1/run.yaml",
                                                 "general/seed-1/manifest.json",
                                                 "general/seed-1/checkpoints/best.safetensors"});
  for (const std::string& file : files_below(to))
    CHECK(read_file(to / file) == read_file(runs.folder.folder / file));
  std::filesystem::remove_all(runs.folder.folder);
  const TrainedRun copy(to);
  CHECK(copy.system() == "general");
  CHECK(testing::bytes_of(copy.model().params()) == testing::bytes_of(run.model().params()));
}

TEST_CASE("export: what a tokeniser learned and a dictionary go along") {
  const test::TempFolder folder;
  write_file(folder / "d", "a b\n");
  const test::TinyRuns runs(
      "name: tiny\n"
      "data: {corpus: {type: chat_noir, train: 200, valid: 4, test: 4, test_long: 4},\n"
      "       tokenizer: {type: sentencepiece, size: 100}}\n"
      "model: {embedding: 8, hidden: 8, attention: dot}\n"
      "systems: {dot: {}}\n"
      "training: {max_updates: 2}\n"
      "decoding: {beam: 1, replace_unknown: true, dictionary: " +
      (folder / "d").string() + "}\n");
  const TrainedRun run(runs.run("dot").folder);
  export_run(run, runs / "model");
  const std::set<std::string> files = files_below(runs / "model");
  CHECK(files.contains("dot/seed-1/dictionary.txt"));
  CHECK(files.contains("data/source.model"));
  const TrainedRun copy(runs / "model");
  CHECK(copy.learned().source == run.learned().source);
  CHECK_FALSE(copy.learned().source.empty());
}

TEST_CASE("export: a folder that holds something is left alone") {
  const test::TinyRuns runs;
  const TrainedRun run(runs.run().folder);
  const Path to = runs / "mine";
  make_folder(to);
  write_file(to / "notes.txt", "mine");
  CHECK_THROWS_WITH(export_run(run, to),
                    to.string() + ": exists already; name a folder that is empty or does not exist");
  CHECK(files_below(to) == std::set<std::string>{"notes.txt"});
  std::filesystem::remove(to / "notes.txt");
  export_run(run, to);
  CHECK(files_below(to).contains("plan.resolved.yaml"));
}

}  // namespace regard::inference
