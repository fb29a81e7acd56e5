#include "framework/runs/results_json.h"

#include <cmath>
#include <limits>

#include "framework/base/errors.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::runs {

TEST_CASE("results json: a missing file gives nothing and a damaged one is named") {
  const test::TempFolder folder;
  const Path file = folder / "status.json";
  CHECK_FALSE(read_if_exists<Status>(file));
  Status status;
  status.reason = "the disk is full";
  write_file(file, to_json(status));
  CHECK(read_if_exists<Status>(file)->reason == "the disk is full");
  write_file(file, "{");
  CHECK_THROWS_AS(read_if_exists<Status>(file), FolderError);
  CHECK_THROWS_WITH(read_if_exists<Status>(file), file.string() + ": is damaged: it is not JSON");
}

TEST_CASE("results json: keys are sorted and numbers round-trip") {
  HistoryEntry entry;
  entry.epoch = 3;
  entry.train_loss = 0.1;
  entry.valid_loss = 1.0 / 3;
  entry.learning_rate = 1e-300;
  const std::string line = to_json(entry);
  CHECK(
      line ==
      "{\"best\":false,\"epoch\":3,\"gradient_norm\":0.0,\"learning_rate\":1e-300,\"tokens\":0,\"train_loss\":0.1,"
      "\"update\":0,\"valid_bleu\":0.0,\"valid_loss\":0.3333333333333333,\"valid_perplexity\":0.0}\n");
  CHECK(from_json<HistoryEntry>(line, "line").valid_loss == entry.valid_loss);
}

TEST_CASE("results json: maps are beside the weights and have their shape") {
  AttentionExample example{4, {"a", "</s>"}, {"b"}, {1, 2, {0.5, 0.5}}, {{1, 2, {1, 0}}, {1, 2, {0, 1}}}};
  const std::string line = to_json(example);
  CHECK(
      line ==
      "{\"index\":4,\"source\":[\"a\",\"</s>\"],\"target\":[\"b\"],\"weights\":[[0.5,0.5]],\"maps\":[[[1,0]],[[0,1]]]}\n");
  CHECK(from_json<AttentionExample>(line, "line").maps == example.maps);
  example.maps[1] = {1, 1, {0}};
  CHECK_THROWS_WITH(from_json<AttentionExample>(to_json(example), "line"),
                    "line: maps[1]: expected 1 rows of 2 numbers, as the weights");
}

TEST_CASE("results json: losses and watched numbers of attention are there where a training has them") {
  HistoryEntry entry;
  entry.losses = {{"guided_alignment", 0.5}};
  entry.watched = {{"gate", 0.25}};
  const std::string line = to_json(entry);
  CHECK(line.find("\"losses\":{\"guided_alignment\":0.5}") != std::string::npos);
  const HistoryEntry back = from_json<HistoryEntry>(line, "line");
  CHECK(back.losses == entry.losses);
  CHECK(back.watched == entry.watched);
}

TEST_CASE("results json: a number that is not finite is written by its name") {
  HistoryEntry entry;
  entry.train_loss = std::numeric_limits<double>::quiet_NaN();
  entry.valid_loss = std::numeric_limits<double>::infinity();
  entry.valid_perplexity = -entry.valid_loss;
  const HistoryEntry back = from_json<HistoryEntry>(to_json(entry), "line");
  CHECK(std::isnan(back.train_loss));
  CHECK(back.valid_loss == entry.valid_loss);
  CHECK(back.valid_perplexity == entry.valid_perplexity);
  CHECK_THROWS_WITH(from_json<TimingEntry>("{\"epoch\":1,\"update\":1,\"seconds\":null,\"tokens_per_second\":1,"
                                           "\"validation_seconds\":1}",
                                           "timing.jsonl:1"),
                    "timing.jsonl:1: seconds: expected a number, got null");
}

TEST_CASE("results json: weights are written as the shortest text of the same float") {
  const AttentionExample example{4, {"a \"quoted\"", "</s>"}, {"b"}, {1, 2, {0.1F, 0.9F}}};
  const std::string line = to_json(example);
  CHECK(line ==
        "{\"index\":4,\"source\":[\"a \\\"quoted\\\"\",\"</s>\"],\"target\":[\"b\"],\"weights\":[[0.1,0.9]]}\n");
  const AttentionExample back = from_json<AttentionExample>(line, "line");
  CHECK(back.weights == example.weights);
  CHECK(back.source == example.source);
}

TEST_CASE("results json: every struct is read back unchanged") {
  const test::TempFolder folder;
  fixture::Options small;
  small.systems = {"dot"};
  small.seeds = {1};
  small.sentences = 8;
  fixture::write_run_folder(folder.path(), small);
  const RunPaths run = RunFolder{folder.path()}.run("dot", 1);
  const std::string manifest = read_file(run.manifest());
  CHECK(to_json(from_json<Manifest>(manifest, "m")) == manifest);
  const std::string scores = read_file(run.scores());
  CHECK(to_json(from_json<Scores>(scores, "s")) == scores);
  const std::string status = read_file(run.status());
  CHECK(to_json(from_json<Status>(status, "s")) == status);
  const std::string facts = read_file(RunFolder{folder.path()}.data_facts());
  CHECK(to_json(from_json<DataFacts>(facts, "d")) == facts);
}

}  // namespace regard::runs
