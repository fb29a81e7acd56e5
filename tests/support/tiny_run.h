#pragma once
// A plan of a second or two over short rows of symbols, in a run folder of its own; its runs are done in this process.
#include <string>

#include "framework/base/files.h"
#include "framework/experiment/data/data_folder.h"
#include "framework/experiment/run/run.h"
#include "framework/experiment/schedule/runner.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::test {

// `keys` are further keys of the plan, each a line. One epoch of three updates, unless they say otherwise.
inline std::string tiny_plan_text(const std::string& keys = "",
                                  const std::string& training = "training: {batch: {sentences: 8}, epochs: 1}\n") {
  return "name: tiny\n"
         "data: {corpus: {type: reverse, train: 20, valid: 4, test: 4, test_long: 4, symbols: 5}}\n"
         "model: {embedding: 8, hidden: 8}\n"
         "systems: {vanilla: {model.attention: none}, general: {model.attention: general}}\n" +
         training + keys;
}

class TinyRuns final {
 public:
  explicit TinyRuns(const std::string& text = tiny_plan_text())
      : folder{place_ / "runs"}, plan(experiment::make_plan(config::parse_yaml(text, "p.yaml"))) {
    make_folder(folder.folder);
    experiment::write_plan(plan, text, folder);
    corpora = experiment::load_corpora(plan, folder);
    experiment::write_data(plan, folder, corpora);
  }
  [[nodiscard]] runs::RunPaths paths(const std::string& system = "general", Index seed = 1) const {
    return folder.run(system, seed);
  }
  // Trains and decodes.
  runs::RunPaths run(const std::string& system = "general", Index seed = 1,
                     const experiment::RunHooks& hooks = {}) const {
    const auto outcome =
        experiment::do_run(plan, experiment::system_named(plan, system), seed, corpora, folder, hooks);
    CHECK(outcome == experiment::RunOutcome::finished);
    return paths(system, seed);
  }
  [[nodiscard]] Path operator/(const std::string& name) const { return place_ / name; }

 private:
  TempFolder place_;

 public:
  runs::RunFolder folder;
  experiment::Plan plan;
  experiment::Corpora corpora;
};

// Runs of one seed of both systems, trained once for all cases of a program.
inline const TinyRuns& finished_runs() {
  static const TinyRuns made;
  static const bool done = [] {
    made.run("general");
    made.run("vanilla");
    return true;
  }();
  REQUIRE(done);
  return made;
}

}  // namespace regard::test
