#include "framework/report/tables/tables.h"

#include "framework/evaluation/chrf.h"
#include "framework/evaluation/ter.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

Results read(const std::string& system = "dot", const std::vector<Index>& seeds = {1}, bool long_test = true) {
  fixture::Options options;
  options.systems = {"vanilla", system};
  options.seeds = seeds;
  options.long_test = long_test;
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  return runs::load_results(folder.path());
}

bool has(const Table& table, const std::string& note) {
  return std::find(table.notes.begin(), table.notes.end(), note) != table.notes.end();
}

std::vector<std::string> titles(const Table& table) {
  std::vector<std::string> all;
  for (const Column& column : table.columns) all.push_back(column.title);
  return all;
}

}  // namespace

TEST_CASE("tables: quantities that the budget does not set are listed as not held equal") {
  Results results = read();
  const auto said = [&](const char* budget) {
    results.plan.text = budget;
    const std::string all = budget_summary(analyse(results, Claims::skip));
    return all.substr(all.find("Not equal"));
  };
  CHECK(said("") == "Not equal: parameters, operations and time.");
  CHECK(said("budget: {parameters: true}") == "Not equal: operations and time.");
  CHECK(said("budget: {minutes: 3}") == "Not equal: parameters and operations.");
  CHECK(said("budget: {minutes: 3, parameters: true}") == "Not equal: operations.");
  results.plan.budget_summary = "3 minutes of training each";
  CHECK(budget_summary(analyse(results, Claims::skip)).find("; by the budget 3 minutes of training each; also") !=
        std::string::npos);
}

TEST_CASE("tables: the column of the longest sources names its test set") {
  Results results = read("dot", {1}, false);
  const std::vector<std::string> all = titles(main_table(analyse(results, Claims::skip)));
  const bool named = std::any_of(all.begin(), all.end(), [](const std::string& title) {
    return title.starts_with("BLEU test, sources of ") && title.ends_with(" words");
  });
  CHECK(named);
}

TEST_CASE("tables: report.metrics chooses the columns of the main table in its order") {
  using runs::ReportMetric;
  Results results = read();
  const std::vector<std::string> standard{"system",     "BLEU test",       "BLEU test_long", "perplexity",
                                          "parameters", "target tokens/s", "minutes",        "n"};
  CHECK(titles(main_table(analyse(results, Claims::skip))) == standard);
  results.plan.metrics = {ReportMetric::ter,         ReportMetric::chrf2, ReportMetric::bleu,
                          ReportMetric::greedy_bleu, ReportMetric::loss,  ReportMetric::operations,
                          ReportMetric::memory};
  const Analysis analysis = analyse(results, Claims::skip);
  const Table table = main_table(analysis);
  CHECK(titles(table) == std::vector<std::string>{"system", "TER test", "TER test_long", "chrF2 test",
                                                  "chrF2 test_long", "BLEU test", "BLEU test_long",
                                                  "BLEU test, greedy", "BLEU test_long, greedy", "loss",
                                                  "operations a target token", "peak memory", "n"});
  const Run& run = *analysis.systems[1].finished.front();
  const TestSet& test = *analysis.test("test");
  const auto scored = [&](const evaluation::Metric& metric) {
    return metric.score(metric.statistics(*run.lines("test"), {test.target}).sum());
  };
  CHECK(table.rows[1][1].value == scored(evaluation::Ter()));
  CHECK(table.rows[1][3].value == scored(evaluation::Chrf()));
  CHECK(table.rows[1][7].value == run.scores.tests.at("test").greedy_bleu.at("13a").score);
  CHECK(table.rows[1][9].value == run.scores.tests.at("test").loss);
  CHECK(table.rows[1][10].text == fixed(run.manifest->flops_per_token / 1e6, 2));
  CHECK(has(table, "chrF2: " + evaluation::Chrf().signature(1).text()));
  CHECK(has(table, "TER: " + evaluation::Ter().signature(1).text()));
  for (const auto& text : {to_markdown(table), to_latex(table), to_csv(table), to_html(table, true),
                           to_terminal(table), to_latex(scores_table(analysis))}) {
    INFO(text);
    CHECK(text.find("chrF2") != std::string::npos);
  }
  const std::vector<std::string> scores = titles(scores_table(analysis));
  CHECK(std::vector<std::string>(scores.end() - 3, scores.end()) ==
        std::vector<std::string>{"chrF2, beam", "TER, beam", "n"});
}

TEST_CASE("tables: the main table of a plan without a test set has a note and no BLEU") {
  Results results = read();
  results.tests.clear();
  for (Run& run : results.runs) {
    run.scores.tests.clear();
    run.hypotheses.clear();
    run.attention.clear();
  }
  const Analysis analysis = analyse(results);
  const Table table = main_table(analysis);
  CHECK(titles(table) ==
        std::vector<std::string>{"system", "perplexity", "parameters", "target tokens/s", "minutes", "n"});
  CHECK(has(table, "The plan has no test set, so there is no BLEU."));
  CHECK(runs_table(analysis).columns[3].title == "BLEU");
}

TEST_CASE("tables: a test set whose target has an empty line is scored") {
  Results results = read();
  for (TestSet& test : results.tests) test.target.front().clear();
  const Analysis analysis = analyse(results);
  REQUIRE_FALSE(analysis.comparisons.empty());
  CHECK(analysis.comparisons.front().numbers.scores.front() > 0.0);
  CHECK(runs::score_lines({"a b c d", "x"}, {"a b c d", ""}, {}).at("13a").ref_len == 4);
}

TEST_CASE("tables: BLEU of text that looks tokenised has a warning with its name") {
  Results results = read();
  for (Run& run : results.runs) {
    for (std::string& line : run.hypotheses.at("test")) line = run.system == "dot" ? line + " ." : "a b.";
  }
  const std::string warning =
      "Warning: on test, 100 lines or more of dot end in ' .': this text looks tokenised, and BLEU 13a is meant for "
      "detokenised text.";
  CHECK(has(main_table(analyse(results, Claims::skip)), warning));
  for (Run& run : results.runs) run.hypotheses.at("test").assign(run.hypotheses.at("test").size(), "a b.");
  const Table plain = main_table(analyse(results, Claims::skip));
  const auto warns = [](const std::string& note) { return note.starts_with("Warning: on test, "); };
  CHECK(std::none_of(plain.notes.begin(), plain.notes.end(), warns));
}

TEST_CASE("tables: no finished run is reported and not treated as one seed") {
  Results results = read();
  for (Run& run : results.runs) run.state = RunState::unfinished;
  CHECK(has(main_table(analyse(results, Claims::skip)), "No run has finished."));
}

TEST_CASE("tables: two seeds have no correlation and the smallest possible p-value is a bound") {
  Results results = read("general", {1, 2}, false);
  const Analysis analysis = analyse(results);
  CHECK(claims_table(analysis).rows.at(0).at(7).text == "–");
  CHECK(pairs_table(analysis).rows.at(0).back().text == "≤ 0.001");
  CHECK(pairs_table(analysis).notes.size() == 2);
}

}  // namespace regard::report
