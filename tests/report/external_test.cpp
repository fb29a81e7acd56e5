// Translations by other programs: experiment/upkeep/external.h adds them, and every table and figure of the report
// has them.
#include "framework/experiment/upkeep/external.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/report/report.h"
#include "framework/report/tables/tables.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("external system: it is in tables and figures and files as a system without seeds and cost") {
  const fixture::TranslatedFolder lab;
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
  const fixture::TranslatedFolder lab;
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

}  // namespace regard::report
