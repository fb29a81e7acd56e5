#include "framework/report/changes.h"

#include <fmt/format.h>

#include "framework/base/files.h"
#include "framework/experiment/results_json.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

struct Two {
  fixture::TemporaryFolder a, b;
  Two() {
    fixture::Options options;
    options.systems = {"vanilla", "dot"};
    options.seeds = {1, 2};
    options.sentences = 30;
    fixture::write_run_folder(a.path(), options);
    options.systems = {"vanilla", "dot", "general"};
    fixture::write_run_folder(b.path(), options);
  }
  [[nodiscard]] std::string text() const {
    return changes(experiment::load_results(a.path()), experiment::load_results(b.path()), "old", "new");
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("changes: what is the same is said to be the same and what one folder has alone is named") {
  const std::string text = Two().text();
  CHECK(has(text, "On test, dot wrote the very same in both.\n"));
  CHECK(has(text, "Only in new: general.\n"));
  CHECK(has(text, "+   'general': {model.attention: general}\n"));
  CHECK(has(text, "\nvanilla   test "));
}

TEST_CASE("changes: a system that became better is said to beat the old one by the report's statistics") {
  const Two two;
  const experiment::RunFolder folder{two.b.path()};
  for (const Index seed : {1, 2})
    write_file(folder.run("vanilla", seed).hypotheses("test"), read_file(folder.test_target("test")));
  const Results results = experiment::load_results(two.b.path());
  const std::string text = two.text();
  CHECK(has(text, "On test, vanilla of new beats that of old by "));
  CHECK(has(text, "(2 seeds, 30 sentences)"));
}

TEST_CASE("changes: test sets with other sentences are not compared") {
  const Two two;
  const experiment::RunFolder folder{two.b.path()};
  write_file(folder.test_target("test"), fmt::format("un {}", read_file(folder.test_target("test"))));
  CHECK(has(two.text(), "test: the two folders have other sentences, so nothing is compared on it.\n"));
}

TEST_CASE("changes: one plan twice has nothing that differs") {
  const Two two;
  const Results results = experiment::load_results(two.a.path());
  CHECK(changes(results, results, "old", "new").ends_with("\nThe plans are the same.\n"));
}

}  // namespace regard::report
