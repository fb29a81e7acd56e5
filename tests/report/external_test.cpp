// Translations by other programs: experiment/upkeep/external.h adds them, and every table and figure of the report
// has them.
#include "framework/experiment/upkeep/external.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/report/report.h"
#include "framework/report/tables/tables.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

using regard::Path;
using runs::RunFolder;

struct PlanSandbox {
  fixture::TemporaryFolder temporary;
  RunFolder folder{temporary.path() / "runs"};
  std::string file = (temporary.path() / "moses.txt").string();
  PlanSandbox() {
    fixture::Options options;
    options.systems = {"vanilla", "general"};
    options.seeds = {1, 2};
    options.sentences = 20;
    fixture::write_run_folder(folder.folder, options);
    write_file(file, read_file(folder.test_target("test")));
  }
  std::string refusal(const std::string& system, const std::string& test = "") const {
    try {
      experiment::add_external(folder, system, test, file);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("external system: it is in tables and figures and files as a system without seeds and cost") {
  const PlanSandbox lab;
  experiment::add_external(lab.folder, "moses", "", lab.file);
  const Results results = runs::load_results(lab.folder.folder);
  const Analysis analysis = analyse(results);
  REQUIRE(analysis.systems.size() == 3);
  CHECK(analysis.systems[2].external);
  CHECK(analysis.systems[2].bleu.at("test").at("13a").mean == Approx(100));
  CHECK(analysis.systems[2].bleu.at("test_long").empty());
  const std::string table = to_terminal(main_table(analysis));
  CHECK(has(table, "\nmoses "));
  CHECK(has(table, " 100.00 "));
  CHECK(has(table, "moses: translations by another program; its cost is not known."));
  for (const Table& other : {scores_table(analysis), cost_table(analysis), runs_table(analysis),
                             differences_table(analysis), bucket_tables(analysis, "test").front()}) {
    INFO(other.id);
    CHECK(has(to_markdown(other), "moses"));
  }
  (void)make_report(lab.folder.folder);
  const Path report = lab.folder.report();
  for (const char* name : {"report.md", "index.html", "table.tex", "results.csv", "results.json",
                           "figures/length-test.dat", "figures/cost.dat"}) {
    INFO(name);
    CHECK(has(read_file(report / name), "moses"));
  }
  CHECK(has(read_file(report / "figures/length-test.svg"), "moses"));
  CHECK(has(read_file(report / "figures/cost.svg"), "moses"));
  CHECK_FALSE(has(read_file(report / "figures/length-test_long.dat"), "moses"));
}

TEST_CASE("external system: it is compared as a model and never as a method") {
  const PlanSandbox lab;
  experiment::add_external(lab.folder, "moses", "test", lab.file);
  const Results results = runs::load_results(lab.folder.folder);
  const Analysis analysis = analyse(results);
  REQUIRE(analysis.comparisons.size() == 4);
  const Comparison& comparison = analysis.comparisons[1];
  CHECK(comparison.system == "moses");
  CHECK(comparison.seeds == std::vector<Index>{1, 2});  // those of the baseline
  const double vanilla = analysis.systems[0].bleu.at("test").at("13a").mean;
  CHECK(comparison.numbers.models.difference == Approx(100 - vanilla));
  CHECK_FALSE(comparison.numbers.method);
  CHECK_FALSE(comparison.numbers.holm_p_value);
  CHECK(comparison.pair_p_values.size() == 2);
  CHECK(has(comparison.verdict, "On test, these models: moses beats vanilla by "));
  CHECK(analysis.comparisons[3].verdict ==
        "moses cannot be compared with vanilla on test_long: one of them has no translations of it.");
  CHECK(analysis.best.count("test") == 0);  // the best has no seeds
  // Holm's correction does not include it.
  CHECK(*analysis.comparisons[0].numbers.holm_p_value == analysis.comparisons[0].numbers.method->p_value);
}

TEST_CASE("external system: it stays in the folder until it is removed") {
  const PlanSandbox lab;
  experiment::add_external(lab.folder, "moses", "test", lab.file);
  std::filesystem::remove(lab.file);
  CHECK(runs::load_results(lab.folder.folder).plan.systems.size() == 3);
  CHECK(experiment::remove_external(lab.folder, "moses"));
  CHECK_FALSE(experiment::remove_external(lab.folder, "moses"));
  CHECK(runs::load_results(lab.folder.folder).plan.systems.size() == 2);
}

TEST_CASE("external system: a byte order mark and carriage returns are not part of the text") {
  const PlanSandbox lab;
  std::string text = "\xEF\xBB\xBF";
  for (int i = 0; i < 20; ++i) text += "le chat .\r\n";
  write_file(lab.file, text);
  experiment::add_external(lab.folder, "moses", "test", lab.file);
  CHECK(read_file(lab.folder.external("moses", "test")).starts_with("le chat .\nle chat .\n"));
}

TEST_CASE("external system: a wrong file is refused and nothing is written") {
  PlanSandbox lab;
  CHECK(lab.refusal("general") == "a system of the plan is named 'general'; give the other program another name");
  CHECK(lab.refusal("moses", "tset") ==
        "no test set is named 'tset'; did you mean 'test'? The folder has: test, test_long");
  CHECK(lab.refusal("moses", "nix") == "no test set is named 'nix'. The folder has: test, test_long");
  CHECK(lab.refusal("moses", "test_long") ==
        lab.file + ": 20 lines, but test_long has 10 sentences; a translation is one line a sentence");
  CHECK(lab.refusal("a/b").starts_with("a system is named \"a/b\": the name is used for a folder or file"));
  CHECK(lab.refusal("external").find("data, external, log, ") != std::string::npos);
  write_file(lab.file, "a\nb\xFF\n");
  CHECK(lab.refusal("moses") ==
        lab.file + ":2: byte 2 of the line (0xFF) is not UTF-8; convert the file to UTF-8");
  CHECK_FALSE(std::filesystem::exists(lab.folder.externals()));
  lab.file += ".gone";
  CHECK(lab.refusal("moses").starts_with(lab.file + ": "));
}

TEST_CASE("external system: a test set must be named if there are several and none is called test") {
  const PlanSandbox lab;
  std::string facts = read_file(lab.folder.data_facts());
  facts.replace(facts.find("\"test\":"), 7, "\"dev\":");
  write_file(lab.folder.data_facts(), facts);
  CHECK(lab.refusal("moses") ==
        "the folder has several test sets; name the one "
        "that the file translates, as NAME:TEST=FILE. It has: dev, test_long");
}

}  // namespace regard::report
