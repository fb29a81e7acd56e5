#include "framework/report/changes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/experiment/results_json.h"
#include "tests/report/fixture.h"
#include "tests/report/schema.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

struct Two {
  fixture::TemporaryFolder a, b;
  explicit Two(const std::vector<std::string>& of_b = {"vanilla", "dot", "general"},
               const std::vector<Index>& seeds_of_b = {1, 2}) {
    fixture::Options options;
    options.systems = {"vanilla", "dot"};
    options.seeds = {1, 2};
    options.sentences = 30;
    fixture::write_run_folder(a.path(), options);
    options.systems = of_b;
    options.seeds = seeds_of_b;
    fixture::write_run_folder(b.path(), options);
  }
  [[nodiscard]] Changes changes(const std::string& before = "old", const std::string& after = "new") const {
    return changes_between(experiment::load_results(a.path()), experiment::load_results(b.path()), before, after);
  }
  [[nodiscard]] std::string text() const { return changes_text(changes()); }
  // The new vanilla writes the references: it is better.
  void mend_vanilla() const {
    const experiment::RunFolder folder{b.path()};
    for (const Index seed : {1, 2})
      write_file(folder.run("vanilla", seed).hypotheses("test"), read_file(folder.test_target("test")));
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("changes: what is the same is said to be the same and what one folder has alone is named") {
  const std::string text = Two().text();
  CHECK(has(text, "On test, dot wrote the very same in both.\n"));
  CHECK(has(text, "The system general stands in new alone.\n"));
  CHECK(has(text, "\nvanilla   test "));
  CHECK(has(text, "Keys of the plans that differ:\n"));
  CHECK(has(text, "\nsystems.general.model.attention   –        general\n"));
}

TEST_CASE("changes: a system that became better is said to beat the old one by the report's statistics") {
  const Two two;
  two.mend_vanilla();
  const std::string text = two.text();
  CHECK(has(text, "On test, vanilla of new beats that of old by "));
  CHECK(has(text, "(2 seeds, 30 sentences)"));
}

TEST_CASE("changes: test sets that differ or that one folder lacks are not compared") {
  const Two two;
  const experiment::RunFolder folder{two.b.path()};
  write_file(folder.test_target("test"), fmt::format("un {}", read_file(folder.test_target("test"))));
  auto facts = experiment::from_json<experiment::DataFacts>(read_file(folder.data_facts()), "data");
  facts.tests.erase("test_long");
  write_file(folder.data_facts(), experiment::to_json(facts));
  const std::string text = two.text();
  CHECK(has(text, "The test set test has other sentences in each folder, so nothing is compared on it.\n"));
  CHECK(has(text, "The test set test_long stands in old alone.\n"));
  CHECK(has(text,
            "Nothing could be compared: no run of one system with one seed finished in both on one test set.\n"));
}

TEST_CASE("changes: numbers are of the seeds that finished in both and the others are named") {
  const Two two({"vanilla", "dot"}, {1, 2, 3});
  const experiment::RunFolder folder{two.b.path()};
  experiment::Status failed;
  failed.reason = "loss is nan";
  write_file(folder.run("dot", 2).status(), experiment::to_json(failed));
  const Changes changes = two.changes();
  CHECK(has(changes_text(changes), "Seeds in new alone: 3.\n"));
  CHECK(has(changes_text(changes),
            "dot with seed 2 is not compared: in old finished; in new failed: loss is nan.\n"));
  for (const Change& change : changes.compared) {
    const bool dot = change.comparison.system == "dot";
    INFO(change.comparison.system);
    CHECK(change.comparison.seeds == (dot ? std::vector<Index>{1} : std::vector<Index>{1, 2}));
    CHECK(change.before.n == (dot ? 1 : 2));
    CHECK(change.after.n == change.before.n);
    CHECK(change.comparison.numbers.method.has_value() != dot);
  }
}

TEST_CASE("changes: what made the runs is compared") {
  const Two two;
  const experiment::RunPaths run = experiment::RunFolder{two.b.path()}.run("vanilla", 1);
  auto manifest = experiment::from_json<experiment::Manifest>(read_file(run.manifest()), "m");
  manifest.instruction_set = "avx512";
  write_file(run.manifest(), experiment::to_json(manifest));
  const Changes changes = two.changes();
  REQUIRE(changes.made.size() == 1);
  CHECK(changes.made[0].what == "instruction set");
  CHECK(changes.made[0].before == "avx2");
  CHECK(changes.made[0].after == "avx512");
}

TEST_CASE("changes: one plan twice has nothing that differs") {
  const Two two;
  const Results results = experiment::load_results(two.a.path());
  const Changes changes = changes_between(results, results, "old", "new");
  CHECK(changes.plan.empty());
  CHECK(changes.remarks.empty());
  for (const auto& print : {changes_text, changes_markdown, changes_html})
    CHECK(has(print(changes), "The two plans say the same."));
}

TEST_CASE("changes: every print holds the sentence and the table") {
  const Two two;
  two.mend_vanilla();
  const Changes changes = two.changes();
  const std::string verdict = changes.compared.front().comparison.verdict;
  CHECK(has(changes_markdown(changes), "# From old to new\n\n* " + verdict + "\n"));
  CHECK(has(changes_markdown(changes), "\n| vanilla | test | "));
  const std::string page = changes_html(changes);
  CHECK(has(page, "<title>From old to new</title>"));
  CHECK(has(page, "<li>" + verdict + "</li>"));
  CHECK(has(page, "<table id=\"changes\" class=\"sortable\">"));
  for (const char* loads : {"http:", "https:", "url(", "<link"}) CHECK_FALSE(has(page, loads));
  const auto json = nlohmann::json::parse(changes_json(changes));
  CHECK(json["compared"][0]["verdict"] == verdict);
  CHECK(json["compared"][0]["same_translations"] == false);
  CHECK(json["compared"][1]["same_translations"] == true);
  CHECK(test::against_schema(json, REGARD_SCHEMAS "/changes.schema.json", "changes").empty());
}

TEST_CASE("changes: hostile names are text in every print") {
  const std::string name = "<script>`x`|=1";
  const Two two({"vanilla", name});
  const Changes changes = two.changes("</title>\x1b[2J\"'`id`", name);
  CHECK_FALSE(has(changes_html(changes), "<script>`"));
  CHECK_FALSE(has(changes_html(changes), "</title>\x1b"));
  CHECK_FALSE(has(changes_html(changes), "</title> [2J"));
  CHECK_FALSE(has(changes_markdown(changes), "<script"));
  CHECK_FALSE(has(changes_text(changes), "\x1b"));
  CHECK_NOTHROW(nlohmann::json::parse(changes_json(changes)));
}

TEST_CASE("changes: folders are called by as much of their paths as tells them apart") {
  using Pair = std::pair<std::string, std::string>;
  CHECK(names_of("runs/a", "runs/b/") == Pair{"a", "b"});
  CHECK(names_of("old/quickstart", "new/./quickstart") == Pair{"old/quickstart", "new/quickstart"});
  CHECK(names_of("x", "x") == Pair{"the old folder", "the new folder"});
}

}  // namespace regard::report
