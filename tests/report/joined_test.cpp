#include "framework/report/joined.h"

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::report {
namespace {

// Two plans on the same data: `first` with vanilla and dot, `second` with dot and general.
struct TwoPlans {
  TwoPlans() {
    options.sentences = 20;
    options.attention_sentences = 6;
    options.seeds = {1, 2};
    options.systems = {"vanilla", "dot"};
    options.plan_name = "first";
    fixture::write_run_folder(a, options);
    options.systems = {"dot", "general"};
    options.plan_name = "second";
    options.seeds = {2, 3};
    fixture::write_run_folder(b, options);
  }
  [[nodiscard]] runs::Results together() const { return joined({runs::load_results(a), runs::load_results(b)}); }
  void change(const Path& folder, const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read_file(folder / file);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    write_file(folder / file, text.replace(at, from.size(), to));
  }

  test::TempFolder temporary;
  Path a = temporary.path() / "a";
  Path b = temporary.path() / "b";
  fixture::Options options;
};

std::vector<std::string> names(const runs::Results& results) {
  std::vector<std::string> all;
  for (const runs::SystemFacts& system : results.plan.systems) all.push_back(system.name);
  return all;
}

}  // namespace

TEST_CASE("joined: systems of two plans are side by side, and equal names have their plan before them") {
  const TwoPlans plans;
  const runs::Results all = plans.together();
  CHECK(names(all) == std::vector<std::string>{"vanilla", "first: dot", "second: dot", "general"});
  CHECK(all.plan.name == "first + second");
  CHECK(all.plan.seeds == std::vector<Index>{1, 2, 3});
  REQUIRE(all.joined.size() == 2);
  CHECK(all.joined[0].first == plans.a.string());
  CHECK(all.joined[1].first == plans.b.string());
  CHECK(all.joined[1].second.find("name: second") != std::string::npos);
  CHECK(all.runs.size() == 8);
  for (const runs::Run& run : all.runs) CHECK(run.state == runs::RunState::finished);
}

TEST_CASE("joined: plans of one name are told apart by their folders") {
  TwoPlans plans;
  plans.change(plans.b, "plan.resolved.yaml", "name: second", "name: first");
  CHECK(names(plans.together()) == std::vector<std::string>{"vanilla", "a: dot", "b: dot", "general"});
  const Path below = plans.temporary.path() / "more" / "a";
  std::filesystem::create_directories(below.parent_path());
  std::filesystem::rename(plans.b, below);
  CHECK(
      names(joined({runs::load_results(plans.a / ""), runs::load_results(below)})) ==
      std::vector<std::string>{"vanilla", (plans.a / "").string() + ": dot", below.string() + ": dot", "general"});
}

TEST_CASE("joined: what differs between the plans is a difference of their systems") {
  TwoPlans plans;
  plans.change(plans.b, "plan.resolved.yaml", "epochs: ", "epochs: 9");
  const runs::Results all = plans.together();
  for (const runs::SystemFacts& system : all.plan.systems) {
    INFO(system.name);
    const auto epochs = std::find_if(system.differences.begin(), system.differences.end(),
                                     [](const auto& difference) { return difference.first == "training.epochs"; });
    REQUIRE(epochs != system.differences.end());
    const bool of_second = system.name == "general" || system.name == "second: dot";
    CHECK(epochs->second.starts_with("9") == of_second);
    CHECK(std::none_of(system.differences.begin(), system.differences.end(), [](const auto& difference) {
      return difference.first == "name" || difference.first == "seeds";
    }));
  }
}

TEST_CASE("joined: a test set that one folder lacks is left out") {
  TwoPlans plans;
  plans.options.long_test = false;
  fixture::write_run_folder(plans.b, plans.options);
  const runs::Results all = joined({runs::load_results(plans.a), runs::load_results(plans.b)});
  REQUIRE(all.tests.size() == 1);
  CHECK(all.tests[0].name == "test");
  CHECK(all.data.tests.size() == 1);
  for (const runs::Run& run : all.runs) CHECK(run.scores.tests.size() == 1);
}

TEST_CASE("joined: other data are refused") {
  TwoPlans plans;
  const std::string both = plans.a.string() + " and " + plans.b.string();
  SECTION("training text") {
    runs::Results first = runs::load_results(plans.a);
    runs::Results second = runs::load_results(plans.b);
    first.data.hashes["train.target"] = "1";
    second.data.hashes["train.target"] = "2";
    CHECK_THROWS_AS(joined({first, second}), FolderError);
    CHECK_THROWS_WITH(
        joined({first, second}),
        both +
            ": have different training text, so a difference between their systems could come from it; "
            "give folders of the same data");
  }
  SECTION("sentences") {
    runs::Results first = runs::load_results(plans.a);
    runs::Results second = runs::load_results(plans.b);
    second.tests[0].target[3] += " x";
    CHECK_THROWS_WITH(joined({first, second}), both + ": have different sentences in the test set test");
  }
  SECTION("no common test set") {
    plans.options.long_test = false;
    plans.options.test_name = "other";
    fixture::write_run_folder(plans.b, plans.options);
    std::filesystem::remove_all(plans.b);
    fixture::write_run_folder(plans.b, plans.options);
    CHECK_THROWS_WITH(plans.together(), "the folders have no common test set: " + plans.a.string() +
                                            " has test, test_long; " + plans.b.string() + " has other");
  }
  SECTION("a plan that decodes nothing") {
    runs::Results first = runs::load_results(plans.a);
    first.plan.decodes_tests = false;
    CHECK_THROWS_WITH(
        joined({first, runs::load_results(plans.b)}),
        plans.a.string() + ": its plan decodes no test set (decoding.test: never), so it cannot be compared");
  }
}

TEST_CASE("use baseline: the reader's takes the place of the plan's, which is kept") {
  const TwoPlans plans;
  runs::Results results = runs::load_results(plans.a);
  use_baseline(results, "vanilla");
  CHECK(results.plan.planned_baseline.empty());
  use_baseline(results, "dot");
  CHECK(results.plan.baseline == "dot");
  CHECK(results.plan.planned_baseline == "vanilla");
  CHECK_THROWS_AS(use_baseline(results, "dto"), ConfigError);
  CHECK_THROWS_WITH(use_baseline(results, "dto"),
                    "--baseline: no system is named 'dto'; did you mean 'dot'? The plan has: vanilla, dot");
}

}  // namespace regard::report
