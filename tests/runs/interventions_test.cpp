#include "framework/runs/interventions.h"

#include "framework/base/errors.h"
#include "framework/runs/digest.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::runs {
namespace {

// A made-up folder whose first run has results that were made from its files.
struct Made {
  test::TempFolder temporary;
  RunFolder folder{temporary.path() / "runs"};
  RunPaths run = folder.run("dot", 1);
  std::vector<std::string> tests{"test"};

  Made() {
    fixture::Options options;
    options.sentences = 4;
    options.long_test = false;
    fixture::write_run_folder(folder.folder, options);
    for (const char* system : {"dot", "general"}) {
      const RunPaths paths = folder.run(system, 1);
      make_folder(paths.checkpoints());
      write_file(paths.best_checkpoint(), system);
    }
    write_file(run.identity(), "format: 1\n");
    Interventions made = basis_of(folder, run, tests);
    made.other = "general";
    made.other_checkpoint = sha();
    made.tests["test"]["own"] = {{1, 2, 3, 4}, {}};
    made.tests["test"]["even"] = {{1.5, 2, 3, 4}, {"a", "b", "c", "d"}};
    made.tests["test"]["other"] = {{2, 2, 3, 4}, {"a", "b", "c", "d"}};
    write_file(run.interventions(), to_json(made));
  }
  std::string sha() const {
    const RunPaths other = folder.run("general", 1);
    if (!std::filesystem::exists(other.identity())) write_file(other.identity(), "format: 1\n");
    return basis_of(folder, other, {}).checkpoint;
  }
  std::optional<Interventions> current(bool& stale) const {
    return current_interventions(folder, run, 1, {{"test", 4}}, &stale);
  }
};

}  // namespace

TEST_CASE("interventions: the file reads back unchanged and is no part of the digest") {
  const Made made;
  bool stale = true;
  const auto found = made.current(stale);
  REQUIRE(found);
  CHECK_FALSE(stale);
  CHECK(found->tests.at("test").at("even").losses == std::vector<double>{1.5, 2, 3, 4});
  CHECK(found->tests.at("test").at("even").lines.size() == 4);
  CHECK(found->tests.at("test").at("own").lines.empty());
  CHECK(to_json(*found) == read_file(made.run.interventions()));
  const auto before = hashes_of(made.folder.folder);
  std::filesystem::remove(made.run.interventions());
  CHECK(hashes_of(made.folder.folder) == before);
  CHECK_FALSE(made.current(stale));
  CHECK_FALSE(stale);
}

TEST_CASE("interventions: another number of losses or lines is a damaged file") {
  const Made made;
  CHECK(testing::thrown<FolderError>([&] {
          static_cast<void>(current_interventions(made.folder, made.run, 1, {{"test", 5}}));
        }) == made.run.interventions().string() +
                  ": is damaged: tests.test.even has 4 losses and 4 lines for 5 sentences");
}

TEST_CASE("interventions: a stale file and a loss that is not that of scores are disagreements") {
  const Made made;
  const auto wrong = [&] { return disagreement_of_interventions(made.folder, made.run, 1); };
  const std::string of_loss = wrong();
  CHECK(of_loss.starts_with("has loss "));
  CHECK(of_loss.find(" for test with the run's own weights, but scores.json has ") != std::string::npos);
  auto scores = *read_if_exists<Scores>(made.run.scores());
  scores.tests.at("test").loss = std::stod(of_loss.substr(9));
  write_file(made.run.scores(), to_json(scores));
  CHECK(wrong().empty());
  write_file(made.run.best_checkpoint(), "another");
  CHECK(wrong() ==
        "was made from other files than the run has now; make it again with `regard attend FOLDER --intervene`");
  std::filesystem::remove(made.run.interventions());
  CHECK(wrong().empty());
}

TEST_CASE("interventions: those of another checkpoint or record are stale") {
  for (const auto file : {&RunPaths::best_checkpoint, &RunPaths::identity}) {
    const Made made;
    write_file((made.run.*file)(), "another");
    bool stale = false;
    CHECK_FALSE(made.current(stale));
    CHECK(stale);
  }
}

TEST_CASE("interventions: those of another text are stale and those of other weights depend on the other system") {
  const Made made;
  write_file(made.folder.run("general", 1).best_checkpoint(), "trained again");
  bool stale = false;
  auto found = made.current(stale);
  REQUIRE(found);
  CHECK(stale);
  CHECK(found->other.empty());
  CHECK_FALSE(found->tests.at("test").contains("other"));
  CHECK(found->tests.at("test").contains("even"));
  write_file(made.folder.test_source_tokens("test"), "x\ny\nz\nw\n");
  found = made.current(stale);
  REQUIRE(found);
  CHECK(stale);
  CHECK(found->tests.empty());
}

}  // namespace regard::runs
