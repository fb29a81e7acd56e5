#include "framework/experiment/schedule/tune.h"

#include <cmath>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensors.h"

namespace regard::experiment {
namespace {

using Names = std::vector<std::string>;

Plan tuning(const std::string& keys = "") {
  return make_plan(
      config::parse_yaml("name: t\ndata: {corpus: reverse}\n"
                         "systems: {a: {model.attention: none}, b: {model.attention: dot}}\n"
                         "seeds: [7]\n"
                         "tune: {grid: {training.learning_rate: [0.1, 0.2, 0.3]}, seeds: [1, 2]" +
                             keys + "}\n",
                         "p.yaml"));
}

Names names(const Plan& plan) {
  Names all;
  for (const System& system : plan.systems) all.push_back(system.name);
  return all;
}

// A folder of candidates whose runs are written by hand.
class Candidates final {
 public:
  // A finished run with these losses of validations, one a line; BLEU is a hundred less ten times the loss.
  void finished(const std::string& name, Index seed, const std::vector<double>& losses) const {
    const runs::RunPaths paths = folder.run(name, seed);
    make_folder(paths.folder);
    LineLog log(paths.history());
    for (std::size_t i = 0; i < losses.size(); ++i) {
      HistoryEntry entry;
      entry.epoch = static_cast<Index>(i + 1);
      entry.update = static_cast<Index>(i + 1);
      entry.valid_loss = losses[i];
      entry.valid_bleu = 100 - 10 * losses[i];
      std::string line = runs::to_json(entry);
      while (line.ends_with('\n')) line.pop_back();
      log.append(line);
    }
    runs::Status status;
    status.finished = true;
    write_file(paths.status(), to_json(status));
  }
  void failed(const std::string& name, Index seed, const std::string& reason, const std::string& stopped) const {
    runs::Status status;
    status.reason = reason;
    status.stopped = stopped;
    make_folder(folder.run(name, seed).folder);
    write_file(folder.run(name, seed).status(), to_json(status));
  }

 private:
  test::TempFolder place_;

 public:
  runs::RunFolder folder{place_ / "tune"};
};

}  // namespace

TEST_CASE("tune: candidates are every system at every point and no test set is theirs") {
  const Plan candidates = tuning_plan(tuning(), 0);
  CHECK(names(candidates) == Names{"a-l0.1", "a-l0.2", "a-l0.3", "b-l0.1", "b-l0.2", "b-l0.3"});
  CHECK(candidates.seeds == std::vector<Index>{1, 2});
  CHECK(candidates.systems[1].training.learning_rate == 0.2);
  for (const System& system : candidates.systems) CHECK(system.decoding.test == decoding::TestSets::never);
  CHECK(candidates.tune.grid.empty());
  CHECK(candidates.report.baseline == "a-l0.1");
  CHECK(candidates.matched_to == Names{"a-l0.1", "a-l0.2", "a-l0.3", "a-l0.1", "a-l0.2", "a-l0.3"});
  CHECK(candidates_of(tuning(), "b") == Names{"b-l0.1", "b-l0.2", "b-l0.3"});
}

TEST_CASE("tune: the point of the best mean of best validations is chosen for each system") {
  const Candidates made;
  const auto losses = [&](const std::string& name, const std::vector<double>& one,
                          const std::vector<double>& two) {
    made.finished(name, 1, one);
    made.finished(name, 2, two);
  };
  losses("a-l0.1", {3, 2}, {2});
  losses("a-l0.2", {1, 4}, {2});  // the best of each counts: 1.5 on average
  losses("a-l0.3", {1.75}, {1.5});
  losses("b-l0.1", {5}, {5});
  losses("b-l0.2", {5}, {5});  // of equal ones the first
  losses("b-l0.3", {6}, {6});
  const runs::Tuning chosen = choose(tuning(), made.folder, {});
  CHECK(chosen.metric == "loss");
  CHECK(chosen.seeds == std::vector<Index>{1, 2});
  REQUIRE(chosen.systems.size() == 2);
  CHECK(chosen.systems[0].name == "a");
  CHECK(chosen.systems[0].chosen == 1);
  CHECK(chosen.systems[1].chosen == 0);
  const runs::TunedPoint& point = chosen.systems[0].points[1];
  CHECK(point.system == "a-l0.2");
  CHECK(point.values == std::map<std::string, std::string>{{"training.learning_rate", "0.2"}});
  CHECK(point.of_seed == std::vector<double>{1, 2});
  CHECK(point.mean == 1.5);

  const runs::Tuning by_bleu = choose(tuning(", metric: bleu"), made.folder, {"a"});
  CHECK(by_bleu.metric == "bleu");
  REQUIRE(by_bleu.systems.size() == 1);
  CHECK(by_bleu.systems[0].chosen == 1);
  CHECK(by_bleu.systems[0].points[1].mean == 85);

  const Plan plan = tuned(tuning(), chosen);
  CHECK(plan.systems[0].training.learning_rate == 0.2);
  CHECK(plan.systems[1].training.learning_rate == 0.1);
  CHECK(plan.tune.grid.empty());
  CHECK(plan.seeds == std::vector<Index>{7});
}

TEST_CASE("tune: a point of which a seed failed is not chosen and where all are nothing is") {
  const Candidates made;
  for (const char* name : {"a-l0.1", "a-l0.2", "a-l0.3"}) {
    made.finished(name, 1, {1});
    made.finished(name, 2, {1});
  }
  made.failed("a-l0.1", 2, "step 3: loss is nan", runs::kDiverged);
  const runs::Tuning chosen = choose(tuning(), made.folder, {"a"});
  CHECK(chosen.systems[0].chosen == 1);
  CHECK(std::isnan(chosen.systems[0].points[0].mean));
  CHECK(std::isnan(chosen.systems[0].points[0].of_seed[1]));
  made.failed("a-l0.2", 1, "", runs::kDiverged);
  made.failed("a-l0.3", 1, "", runs::kDiverged);
  const std::string folder = made.folder.folder.string();
  CHECK(
      testing::thrown<FolderError>([&] { static_cast<void>(choose(tuning(), made.folder, {"a"})); }) ==
      folder +
          ": no candidate of system 'a' finished with all seeds, so nothing can be chosen for it; `regard status " +
          folder + "` shows why");
}

TEST_CASE("tune: a candidate that failed by anything but its numbers is tried again first") {
  const Candidates made;
  const Plan candidates = tuning_plan(tuning(), 0);
  const Names wanted{"a-l0.1", "a-l0.2"};
  for (const Index seed : {1, 2}) {
    made.finished("a-l0.1", seed, {1});
    made.failed("a-l0.2", seed, "step 3: loss is nan", runs::kDiverged);
  }
  CHECK(unfinished_candidate(candidates, made.folder, wanted) == "");
  made.failed("a-l0.2", 2, "killed by signal 9 (Killed)", "");
  CHECK(
      unfinished_candidate(candidates, made.folder, wanted) ==
      made.folder.folder.string() +
          ": candidate a-l0.2 with seed 2 failed (killed by signal 9 (Killed)), so nothing is chosen; the same command tries it again");
  CHECK(unfinished_candidate(candidates, made.folder, {"a-l0.1"}) == "");
}

TEST_CASE("tune: halving lets one in three go on, for each system alone") {
  const Plan plan = make_plan(config::parse_yaml(
      "name: t\ndata: {corpus: reverse}\nsystems: {a: {model.attention: none}, b: {model.attention: dot}}\n"
      "training: {epochs: 10}\n"
      "tune: {search: random, trials: 7, space: {training.learning_rate: [0.1, 0.2]}, halving: {first: 1}}\n",
      "p.yaml"));
  CHECK(steps_of(plan) == std::vector<Index>{1, 3, 9, 10});
  CHECK(tuning_plan(plan, 1).systems[0].training.epochs == 3);
  CHECK(tuning_plan(plan, 3).systems[0].training.epochs == 10);
  CHECK(survivors(plan, 7) == 2);
  CHECK(survivors(plan, 2) == 1);

  const Candidates made;
  const auto train = [&](const std::string& name, const std::vector<double>& losses) {
    made.finished(name, 1, losses);
  };
  train("a-t1", {5});
  train("a-t2", {3, 1, 0.5});  // the second best of the first step
  train("a-t3", {4});
  train("a-t4", {2, 1.5, 1, 1, 1, 1, 1, 0.75, 0.9, 0.8});
  for (const char* name : {"a-t5", "a-t6", "a-t7"}) train(name, {6});
  CHECK(taking_part(plan, made.folder, "a", 0).size() == 7);
  CHECK(taking_part(plan, made.folder, "a", 1) == Names{"a-t2", "a-t4"});
  CHECK(taking_part(plan, made.folder, "a", 2) ==
        Names{"a-t2"});  // better than t4 after three epochs, not after one
  CHECK(taking_part(plan, made.folder, "a", 3) == Names{"a-t2"});
  train("a-t2", {3, 1, 0.5, 0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.3});
  const runs::Tuning chosen = choose(plan, made.folder, {"a"});
  CHECK(chosen.search == "random");
  CHECK(chosen.tried == std::map<std::string, std::string>{{"training.learning_rate", "[0.1, 0.2]"}});
  CHECK(chosen.systems[0].chosen == 1);
  CHECK(chosen.systems[0].points[0].epochs == 1);
  CHECK(chosen.systems[0].points[1].epochs == 0);
  CHECK(chosen.systems[0].points[1].mean == 0.3);
  CHECK(chosen.systems[0].points[3].epochs == 3);
  CHECK(chosen.systems[0].points[3].mean == 1);  // what it had after three epochs, though it was trained further
}

TEST_CASE("tune: a budget of the tuning is that of the candidates alone") {
  const Plan plan =
      make_plan(config::parse_yaml("name: t\ndata: {corpus: reverse}\nsystems: {a: {}}\nbudget: {updates: 100}\n"
                                   "tune: {grid: {training.learning_rate: [0.1, 0.2]}, budget: {updates: 7}}\n",
                                   "p.yaml"));
  CHECK(tuning_plan(plan, 0).systems[0].training.max_updates == 7);
  CHECK(plan.systems[0].training.max_updates == 100);
  CHECK(steps_of(plan) == std::vector<Index>{0});
}

}  // namespace regard::experiment
