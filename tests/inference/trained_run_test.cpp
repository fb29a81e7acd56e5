#include "framework/inference/trained_run.h"

#include "framework/base/errors.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"
#include "tests/support/tiny_run.h"
#include "tests/support/toy.h"

namespace regard::inference {
namespace {

using test::finished_runs;
using Words = std::vector<std::string>;

// The message of the error that opening this folder ends with.
std::string refused(const Path& folder) {
  try {
    const TrainedRun run(folder);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

template <class F>
std::string thrown(F f) {
  return testing::thrown<ConfigError>([&] { static_cast<void>(f()); });
}

}  // namespace

TEST_CASE("trained_run: it has the best parameters of its training and the data's vocabularies") {
  const TrainedRun run(finished_runs().paths().folder);
  CHECK(run.system() == "general");
  CHECK(run.seed() == 1);
  CHECK(run.folder() == finished_runs().paths().folder);
  CHECK(run.source_vocabulary() == finished_runs().corpora.prepared.source);
  CHECK(run.target_vocabulary() == finished_runs().corpora.prepared.target);
  CHECK(run.record().model.hidden == 8);
  const models::Seq2Seq untrained(run.record().model, run.source_vocabulary().size(),
                                  run.target_vocabulary().size(), 1);
  CHECK(testing::bytes_of(run.model().params()) != testing::bytes_of(untrained.params()));
  CHECK(testing::bytes_of(TrainedRun(finished_runs().paths().folder).model().params()) ==
        testing::bytes_of(run.model().params()));
}

TEST_CASE("trained_run: a folder that is no run is refused and one with a single run is that run") {
  const std::string none =
      ": is not a run; give the folder of one system and seed, for example runs/quickstart/dot/seed-1";
  const Path folder = finished_runs().folder.folder;
  CHECK(refused(folder) == folder.string() + none);  // two runs
  CHECK(refused(folder / "general/seed-x") == (folder / "general/seed-x").string() + none);
  CHECK(refused("nowhere") == "nowhere" + none);
  CHECK(refused(folder / "genral/seed-1") ==
        "no system is named 'genral'; did you mean 'general'? The plan has: vanilla, general");

  const test::TempFolder copy;
  std::filesystem::copy(folder, copy / "one", std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(copy / "one/vanilla");
  CHECK(TrainedRun(copy / "one").system() == "general");
}

TEST_CASE("trained_run: what is missing or not the run's own is refused") {
  const test::TempFolder copy;
  std::filesystem::copy(finished_runs().folder.folder, copy / "runs", std::filesystem::copy_options::recursive);
  const runs::RunFolder folder{copy / "runs"};
  const runs::RunPaths run = folder.run("general", 1);
  const std::string vocabulary = read_file(folder.source_vocabulary());
  write_file(folder.source_vocabulary(), vocabulary + "new\n");
  CHECK(
      refused(run.folder) ==
      folder.source_vocabulary().string() +
          ": does not belong to the checkpoints of its folder: its hash is not the one in data.json; restore the file that was used to train them");
  write_file(folder.source_vocabulary(), vocabulary);
  // Another training's checkpoint has the same shapes.
  std::filesystem::copy_file(finished_runs().run("general", 2).best_checkpoint(), run.best_checkpoint(),
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::remove_all(finished_runs().paths("general", 2).folder);
  CHECK(
      refused(run.folder) ==
      run.best_checkpoint().string() +
          ": is not the checkpoint of this run (its sha256 is not that in manifest.json), so its vocabularies may be different; restore the run's own file");
  std::filesystem::remove(run.best_checkpoint());
  CHECK_THROWS_AS(TrainedRun(run.folder), CheckpointError);
}

TEST_CASE("trained_run: options of decoding are the plan's with those of --set over them") {
  const TrainedRun run(finished_runs().paths("vanilla").folder);
  CHECK(run.search_with({}).beam == 5);
  CHECK(run.search_with(Words{"decoding.beam=3", "decoding.nbest=2"}).beam == 3);
  CHECK(run.search_with(Words{"decoding.beam=3", "decoding.nbest=2"}).nbest == 2);
  CHECK(
      thrown([&] { return run.search_with(Words{"training.epochs=3"}); }) ==
      "--set training.epochs=3: the model is trained; only keys of decoding can be set now, for example decoding.beam=8");
  CHECK(
      thrown([&] { return run.search_with(Words{"decoding.nbest=9"}); }) ==
      "--set decoding.nbest=9: decoding.nbest: 9 translations cannot come of a beam of 5; set decoding.beam to 9 at least (system 'vanilla')");
  CHECK(
      thrown([&] { return run.search_with(Words{"decoding.coverage_penalty=1"}); }) ==
      "--set decoding.coverage_penalty=1: decoding.coverage_penalty: there is no attention that could cover anything; set it to 0 for this system (system 'vanilla')");
}

TEST_CASE("trained_run: attention has a row a word and one for the end and each sums to 1") {
  const TrainedRun run(finished_runs().paths().folder);
  const auto forced = run.attend("s1 s2 s3", "s3 s2");
  CHECK(forced.source == Words{"s1", "s2", "s3", "</s>"});
  CHECK(forced.target == Words{"s3", "s2", "</s>"});
  REQUIRE(forced.weights.targets == 3);
  REQUIRE(forced.weights.sources == 4);
  for (Index t = 0; t < 3; ++t) {
    const auto row = forced.weights.row(t);
    CHECK(row[0] + row[1] + row[2] + row[3] == Approx(1));
  }
  const auto own = run.attend("s1 s2 s3", std::nullopt);
  CHECK(own.source == forced.source);
  CHECK(own.weights.targets == static_cast<Index>(own.target.size()));
  CHECK(own.weights.sources == 4);
  // What is forced is its own translation: the same weights.
  if (own.target.size() > 1 && own.target.back() == "</s>") {
    const auto again = run.attend("s1 s2 s3", run.target_line(std::span(own.target).first(own.target.size() - 1)));
    CHECK(again.target == own.target);
    for (Index t = 0; t < own.weights.targets; ++t) {
      for (Index s = 0; s < 4; ++s) CHECK(again.weights.at(t, s) == Approx(own.weights.at(t, s)).margin(1e-5));
    }
  }
}

TEST_CASE("trained_run: what has no attention or no word is refused") {
  const TrainedRun vanilla(finished_runs().paths("vanilla").folder);
  CHECK(thrown([&] { return vanilla.attend("s1", std::nullopt); }) ==
        vanilla.folder().string() + ": system 'vanilla' has no attention to show; choose another system's run");
  const TrainedRun general(finished_runs().paths().folder);
  CHECK(thrown([&] { return general.attend("  ", std::nullopt); }) ==
        "the sentence has no word; give at least one");
  CHECK(thrown([&] { return general.attend("s1", ""); }) == "the target has no word; give at least one");
  CHECK(thrown([&] { return general.attend("s1", "s1 \xff"); }) == "the target is not valid UTF-8 at byte 4");
}

TEST_CASE("trained_run: words that the model does not know are listed in their order") {
  const TrainedRun run(finished_runs().paths().folder);
  CHECK(run.unknown_source("s1 zebra s2 ant zebra") == Words{"zebra", "ant", "zebra"});
  CHECK(run.unknown_target("s1").empty());
  CHECK(run.plan_text("s1 s2") == "s1 s2");
}

}  // namespace regard::inference
