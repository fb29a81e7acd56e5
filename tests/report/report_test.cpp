#include "framework/report/report.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

using regard::Path;

fixture::Options small() {
  fixture::Options options;
  options.systems = {"vanilla", "general"};
  options.seeds = {1, 2};
  options.sentences = 20;
  options.attention_sentences = 6;
  return options;
}

std::map<std::string, std::string> files_of(const Path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder).string()] = read_file(entry.path());
  }
  return files;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("report: equal folders give equal bytes") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  CHECK(make_report(folder.path()) == folder.path() / "report" / "index.html");
  const auto first = files_of(folder.path() / "report");
  write_file(folder.path() / "report" / "figures" / "length-gone.svg", "old");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a time in a file would differ
  (void)make_report(folder.path());
  const auto second = files_of(folder.path() / "report");
  CHECK(second.size() == first.size());
  for (const auto& [name, bytes] : first) {
    INFO(name);
    CHECK(second.at(name) == bytes);
  }
  for (const char* name : {"index.html", "report.md", "results.json", "results.csv", "table.tex",
                           "figures/learning-bleu.svg", "figures/learning-bleu.gp", "figures/learning-bleu.dat",
                           "figures/learning-bleu.pdf", "figures/length-test_long.svg"}) {
    INFO(name);
    CHECK(first.count(name) == 1);
  }
  CHECK(first.size() == 5 + 12 * 4);
}

TEST_CASE("report: results.json has no measurement and does not depend on one") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  (void)make_report(folder.path(), {"no-such-gnuplot"});
  const std::string before = read_file(folder.path() / "report" / "results.json");
  const runs::RunPaths run = runs::RunFolder{folder.path()}.run("general", 1);
  auto manifest = runs::from_json<runs::Manifest>(read_file(run.manifest()), "m");
  manifest.training_seconds = 1e6;
  manifest.threads = 77;
  manifest.target_tokens_per_second = 3;
  write_file(run.manifest(), runs::to_json(manifest));
  (void)make_report(folder.path(), {"no-such-gnuplot"});
  CHECK(read_file(folder.path() / "report" / "results.json") == before);
}

TEST_CASE("report: without gnuplot there are tables and one line about the missing figures") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  (void)make_report(folder.path(), {"no-such-gnuplot"});
  const auto files = files_of(folder.path() / "report");
  CHECK(files.count("figures/learning-bleu.svg") == 0);
  CHECK(files.count("figures/learning-bleu.gp") == 1);
  CHECK(has(files.at("figures/length-test.gp"), "set xlabel 'source length (words)' "));
  const std::string line =
      "No figures were drawn (no-such-gnuplot cannot be started: no such file or folder); the "
      "tables have the same numbers, "
      "and figures/ has the scripts.";
  const std::string& page = files.at("index.html");
  CHECK(has(page, line));
  CHECK(page.find(line) == page.rfind(line));
  CHECK(has(files.at("report.md"), line.substr(0, 20)));
  CHECK_FALSE(has(files.at("index.html"), "<img"));
  CHECK(has(files.at("index.html"), "BLEU by source length (words) on test"));
}

TEST_CASE("report: the page loads no other file and names its sources") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const std::string page = read_file(make_report(folder.path()));
  for (const char* loads : {"http://", "https://", "src=\"//", "@import", "url(", "<link"}) {
    INFO(loads);
    CHECK_FALSE(has(page, loads));
  }
  CHECK(has(page, "synthetic grammar, not natural text"));
  CHECK(has(page, "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:"));
  CHECK(has(page, "<table class=\"heat\">"));
  CHECK(has(page, "has no attention weights"));
  CHECK(has(page, "regard run plan.resolved.yaml"));
}

TEST_CASE("report: the page has verdict and figures and cost and sentences and provenance in this order") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const std::string page = read_file(make_report(folder.path(), {"no-such-gnuplot"}));
  std::size_t before = 0;
  for (const char* part : {"<ul class=\"verdicts\">", "<table id=\"main\"", "<section id=\"learning\"",
                           "<section id=\"lengths\"", "<section id=\"attention\"", "<section id=\"cost-section\"",
                           "<section id=\"explorer\"", "<section id=\"provenance\""}) {
    INFO(part);
    const std::size_t at = page.find(part);
    CHECK(at != std::string::npos);
    CHECK(at > before);
    before = at;
  }
}

TEST_CASE("report: many systems have one sentence each and other test sets are folded") {
  const test::TempFolder folder;
  fixture::Options options = small();
  options.systems = {"a", "b", "c", "d", "e", "f", "g"};
  fixture::write_run_folder(folder.path(), options);
  const std::string page = read_file(make_report(folder.path(), {"no-such-gnuplot"}));
  const std::size_t list = page.find("<ul class=\"verdicts\">");
  const std::size_t fold = page.find("<details><summary>On the other test sets</summary>");
  CHECK(list < fold);
  const std::string first = page.substr(list, fold - list);
  CHECK(has(first, "On test, g "));
  CHECK_FALSE(has(first, "On test_long, "));
  CHECK(has(page.substr(fold), "<li>On test_long, g "));
}

TEST_CASE("report: another baseline has a report of its own and the plan's stays") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  (void)make_report(folder.path());
  const std::string planned = read_file(folder.path() / "report" / "index.html");
  Options options;
  options.baseline = "general";
  const Path page = make_report(folder.path(), options);
  CHECK(page == folder.path() / "report" / "baseline-general" / "index.html");
  CHECK(read_file(folder.path() / "report" / "index.html") == planned);
  CHECK(has(read_file(page), "The reader chose the baseline general; the plan&#39;s is vanilla."));
  CHECK_FALSE(has(planned, "The reader chose"));
  CHECK(has(read_file(page.parent_path() / "report.md"), "The reader chose the baseline general"));
  const auto results = nlohmann::json::parse(read_file(page.parent_path() / "results.json"));
  CHECK(results["baseline"] == "general");
  CHECK(results["planned_baseline"] == "vanilla");
  REQUIRE(results["comparisons"].size() > 0);
  for (const auto& comparison : results["comparisons"]) CHECK(comparison["baseline"] == "general");
}

TEST_CASE("report: two plans are on one page") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder / "a", small());
  fixture::Options other = small();
  other.systems = {"dot", "concat"};
  other.plan_name = "more";
  fixture::write_run_folder(folder / "b", other);
  const Path page = make_joint_report({folder / "a", folder / "b"}, folder / "out");
  CHECK(page == folder / "out" / "index.html");
  for (const char* system : {"vanilla", "general", "dot", "concat"}) CHECK(has(read_file(page), system));
  CHECK(has(read_file(page), "The whole plan of " + (folder / "b").string() + " with all defaults"));
  const auto results = nlohmann::json::parse(read_file(folder / "out" / "results.json"));
  CHECK(results["plan"] == "quickstart + more");
  CHECK(results["systems"].size() == 4);
  CHECK(results["pairs"][0]["pairs"].size() == 6);
  CHECK_THROWS_WITH(
      make_joint_report({folder / "a", folder / "b"}, folder / "a"),
      (folder / "a").string() + ": is a run folder; give another folder for the report of several plans");
}

TEST_CASE("report: hostile text is text in every file") {
  const test::TempFolder folder;
  fixture::Options options = small();
  options.systems = {"a\"><script>alert(1)</script>", "=HYPERLINK(\"x\")", "`id`$(id)\\input{x}</style>'|"};
  for (std::string& system : options.systems) std::replace(system.begin(), system.end(), '/', '!');
  options.plan_name = "\"<img src=x onerror=alert(1)> | **b** \\\\input\"";
  options.test_name = "it's a\" onclick=`id` $(id)";
  options.hostile = "</script></svg><script>alert('2')</script>&\"`id`\\input{y}=1|[l](m)";
  fixture::write_run_folder(folder.path(), options);
  (void)make_report(folder.path());
  const auto files = files_of(folder.path() / "report");
  const std::string& page = files.at("index.html");
  std::size_t scripts = 0;
  for (std::size_t at = 0; (at = page.find("<script", at)) != std::string::npos; ++at) ++scripts;
  std::size_t ends = 0;
  for (std::size_t at = 0; (at = page.find("</script", at)) != std::string::npos; ++at) ++ends;
  CHECK(scripts == ends);
  CHECK_FALSE(has(page, "<script>alert"));
  CHECK_FALSE(has(page, "<img src=x"));
  CHECK_FALSE(has(page, "</svg>"));
  CHECK_FALSE(has(page, "a\" onclick"));  // also not in the id of a table
  CHECK(has(page, "&lt;script&gt;alert(1)"));
  CHECK_FALSE(has(files.at("table.tex"), "\\input"));
  CHECK(has(files.at("table.tex"), "\\textbackslash{}input\\{x\\}"));
  CHECK(has(files.at("results.csv"), "\n\"'=HYPERLINK(\"\"x\"\")\""));
  CHECK_FALSE(has(files.at("report.md"), "<script"));
  CHECK_FALSE(has(files.at("report.md"), "<img"));
  CHECK_FALSE(has(files.at("report.md"), "[l](m)"));
  CHECK_FALSE(has(files.at("report.md"), " `id`"));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "report" / "figures" / "oops"));
  for (const auto& [name, text] : files) {
    CHECK(name.find_first_of("`'\"$ ") == std::string::npos);
    if (name.ends_with(".gp")) CHECK_FALSE(has(text, "id`"));
    if (!name.ends_with(".svg")) continue;
    INFO(name);
    CHECK_FALSE(has(text, "<script"));
    CHECK(text.find("</svg>") == text.rfind("</svg>"));
  }
  CHECK(nlohmann::json::accept(files.at("results.json")));
}

TEST_CASE("report: failed and unfinished and missing runs are marked") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const runs::RunFolder paths{folder.path()};
  runs::Status failed;
  failed.reason = "step 12: loss is nan; the first op was 'exp'";
  write_file(paths.run("general", 1).status(), runs::to_json(failed));
  std::filesystem::remove(paths.run("general", 2).status());
  std::filesystem::remove_all(paths.run("vanilla", 2).folder);
  const std::string page = read_file(make_report(folder.path(), {"no-such-gnuplot"}));
  CHECK(has(page, "failed: step 12: loss is nan; the first op was &#39;exp&#39;"));
  CHECK(has(page, "unfinished (epoch 12, update 1224)"));
  CHECK(has(page, "not started"));
  CHECK(has(page, "One seed: the numbers do not show what another seed would give."));
  CHECK(has(read_file(paths.report() / "report.md"), "| general | failed | "));
  const auto json = nlohmann::json::parse(read_file(paths.report() / "results.json"));
  CHECK(json["systems"][1]["runs"][0]["state"] == "failed");
  CHECK(json["systems"][1]["tests"]["test"]["bleu"].empty());
}

TEST_CASE("report: a plan without a finished run has a page") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  for (const char* system : {"vanilla", "general"}) {
    for (const Index seed : {1, 2}) {
      std::filesystem::remove_all(runs::RunFolder{folder.path()}.run(system, seed).folder);
    }
  }
  const std::string page = read_file(make_report(folder.path()));
  CHECK(has(page, "general cannot be compared with vanilla on test: no seed finished in both."));
  CHECK(has(page, "No run has finished, so there are no translations."));
}

TEST_CASE("report: the terminal table has a row for each system and the signature") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const std::string table = terminal_table(runs::load_results(folder.path()));
  CHECK(table.starts_with("system "));
  CHECK(has(table, "\nvanilla "));
  CHECK(has(table, "\ngeneral "));
  CHECK(has(table, "Mean ± standard deviation over 2 seeds.\n"));
  CHECK(has(table, "BLEU 13a: nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:"));
}

TEST_CASE("report: the terminal table has one line for runs that were not started and rows for the rest") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const runs::RunFolder paths{folder.path()};
  const auto table = [&] { return terminal_table(runs::load_results(folder.path())); };
  std::filesystem::remove_all(paths.run("vanilla", 2).folder);
  CHECK(has(table(), "\nvanilla "));
  CHECK(has(table(), "\nNot started: vanilla with seed 2.\n"));
  std::filesystem::remove_all(paths.run("vanilla", 1).folder);
  CHECK_FALSE(has(table(), "\nvanilla "));
  CHECK(has(table(), "\nNot started: vanilla with seeds 1, 2.\n"));
  // A failed one is not left out.
  runs::Status failed;
  failed.reason = "step 12";
  std::filesystem::create_directories(paths.run("vanilla", 1).folder);
  write_file(paths.run("vanilla", 1).status(), runs::to_json(failed));
  CHECK(has(table(), "\nvanilla   "));
  CHECK(has(table(), "failed   "));
  CHECK(has(table(), "\nvanilla with seed 1: failed: step 12.\nNot started: vanilla with seed 2.\n"));
}

TEST_CASE("report: a folder that is not a run folder is refused before anything is written") {
  const test::TempFolder folder;
  CHECK_THROWS_AS(make_report(folder.path()), FolderError);
  CHECK(std::filesystem::is_empty(folder.path()));
}

}  // namespace regard::report
