#include "framework/report/tables/run_diff.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/report/escape.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/report/schema.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

struct Two {
  test::TempFolder a, b;
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
  [[nodiscard]] RunDiff diff(const std::string& before = "old", const std::string& after = "new") const {
    return changes_between(runs::load_results(a.path()), runs::load_results(b.path()), before, after);
  }
  [[nodiscard]] std::string text() const { return run_diff_text(diff()); }
  // The new vanilla writes the references, so it is better.
  void mend_vanilla() const {
    const runs::RunFolder folder{b.path()};
    for (const Index seed : {1, 2})
      write_file(folder.run("vanilla", seed).hypotheses("test"), read_file(folder.test_target("test")));
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("run diff: equal parts are reported as equal and parts of only one folder are named") {
  const std::string text = Two().text();
  CHECK(has(text, "On test, dot wrote identical translations in both.\n"));
  CHECK(has(text, "The system general is only in new.\n"));
  CHECK(has(text, "\nvanilla   test "));
  CHECK(has(text, "Keys of the plans that differ:\n"));
  CHECK(has(text, "\nsystems.general.model.attention   –        general\n"));
}

TEST_CASE("run diff: a better system beats the old one by the statistics of the report") {
  const Two two;
  two.mend_vanilla();
  const std::string text = two.text();
  CHECK(has(text, "On test, vanilla of new beats that of old by "));
  CHECK(has(text, "(2 seeds, 30 sentences)"));
}

TEST_CASE("run diff: test sets that differ or are missing in a folder are not compared") {
  const Two two;
  const runs::RunFolder folder{two.b.path()};
  write_file(folder.test_target("test"), fmt::format("un {}", read_file(folder.test_target("test"))));
  auto facts = runs::from_json<runs::DataFacts>(read_file(folder.data_facts()), "data");
  facts.tests.erase("test_long");
  write_file(folder.data_facts(), runs::to_json(facts));
  const std::string text = two.text();
  CHECK(has(text, "The test set test has other sentences in each folder, so nothing is compared on it.\n"));
  CHECK(has(text, "The test set test_long is only in old.\n"));
  CHECK(has(text,
            "Nothing could be compared: no run of one system with one seed finished in both on one test set.\n"));
}

TEST_CASE("run diff: numbers are over seeds that finished in both folders and the others are named") {
  const Two two({"vanilla", "dot"}, {1, 2, 3});
  const runs::RunFolder folder{two.b.path()};
  runs::Status failed;
  failed.reason = "loss is nan";
  write_file(folder.run("dot", 2).status(), runs::to_json(failed));
  const RunDiff diff = two.diff();
  CHECK(has(run_diff_text(diff), "Seeds only in new: 3.\n"));
  CHECK(
      has(run_diff_text(diff), "dot with seed 2 is not compared: in old finished; in new failed: loss is nan.\n"));
  for (const Change& change : diff.compared) {
    const bool dot = change.comparison.system == "dot";
    INFO(change.comparison.system);
    CHECK(change.comparison.seeds == (dot ? std::vector<Index>{1} : std::vector<Index>{1, 2}));
    CHECK(change.before.n == (dot ? 1 : 2));
    CHECK(change.after.n == change.before.n);
    CHECK(change.comparison.numbers.method.has_value() != dot);
  }
}

TEST_CASE("run diff: provenance is compared") {
  const Two two;
  const runs::RunPaths run = runs::RunFolder{two.b.path()}.run("vanilla", 1);
  auto manifest = runs::from_json<runs::Manifest>(read_file(run.manifest()), "m");
  manifest.instruction_set = "avx512";
  write_file(run.manifest(), runs::to_json(manifest));
  const RunDiff diff = two.diff();
  REQUIRE(diff.made.size() == 1);
  CHECK(diff.made[0].what == "instruction set");
  CHECK(diff.made[0].before == "avx2");
  CHECK(diff.made[0].after == "avx512");
}

TEST_CASE("run diff: two folders of the same plan do not differ") {
  const Two two;
  const Results results = runs::load_results(two.a.path());
  const RunDiff diff = changes_between(results, results, "old", "new");
  CHECK(diff.plan.empty());
  CHECK(diff.remarks.empty());
  for (const auto& print : {run_diff_text, run_diff_markdown, run_diff_html})
    CHECK(has(print(diff), "The two plans are equal."));
}

TEST_CASE("run diff: every format has the sentence and the table") {
  const Two two;
  two.mend_vanilla();
  const RunDiff diff = two.diff();
  const std::string verdict = diff.compared.front().comparison.verdict;
  CHECK(has(run_diff_markdown(diff), "# From old to new\n\n* " + verdict + "\n"));
  CHECK(has(run_diff_markdown(diff), "\n| vanilla | test | "));
  const std::string page = run_diff_html(diff);
  CHECK(has(page, "<title>From old to new</title>"));
  CHECK(has(page, "<li>" + html(verdict) + "</li>"));
  CHECK(has(page, "<table id=\"changes\" class=\"sortable\">"));
  for (const char* loads : {"http:", "https:", "url(", "<link"}) CHECK_FALSE(has(page, loads));
  const auto json = nlohmann::json::parse(run_diff_json(diff));
  CHECK(json["compared"][0]["verdict"] == verdict);
  CHECK(json["compared"][0]["same_translations"] == false);
  CHECK(json["compared"][1]["same_translations"] == true);
  CHECK(test::against_schema(json, REGARD_SCHEMAS "/run_diff.schema.json", "changes").empty());
}

TEST_CASE("run diff: hostile names are text in every format") {
  const std::string name = "<script>`x`|=1";
  const Two two({"vanilla", name});
  const RunDiff diff = two.diff("</title>\x1b[2J\"'`id`", name);
  CHECK_FALSE(has(run_diff_html(diff), "<script>`"));
  CHECK_FALSE(has(run_diff_html(diff), "</title>\x1b"));
  CHECK_FALSE(has(run_diff_html(diff), "</title> [2J"));
  CHECK_FALSE(has(run_diff_markdown(diff), "<script"));
  CHECK_FALSE(has(run_diff_text(diff), "\x1b"));
  CHECK(nlohmann::json::accept(run_diff_json(diff)));
}

TEST_CASE("run diff: folders are named by the parts of their paths that differ") {
  using Pair = std::pair<std::string, std::string>;
  CHECK(names_of("runs/a", "runs/b/") == Pair{"a", "b"});
  CHECK(names_of("old/quickstart", "new/./quickstart") == Pair{"old/quickstart", "new/quickstart"});
  CHECK(names_of("x", "x") == Pair{"the old folder", "the new folder"});
}

}  // namespace regard::report
