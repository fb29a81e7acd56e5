#include "framework/report/analysis/comparisons.h"

#include "framework/base/parallel.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

Results read(const fixture::Options& options) {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  return runs::load_results(folder.path());
}

fixture::Options small() {
  fixture::Options options;
  options.sentences = 40;
  options.long_test = false;
  return options;
}

}  // namespace

TEST_CASE("comparisons: the verdict is the sentence of evaluation with Holm's p over the systems") {
  const Results results = read(small());
  const Analysis analysis = analyse(results);
  REQUIRE(analysis.comparisons.size() == 3);
  std::vector<double> p_values;
  for (const Comparison& comparison : analysis.comparisons) {
    REQUIRE(comparison.numbers.method);
    p_values.push_back(comparison.numbers.method->p_value);
    CHECK(comparison.difference.mean == Approx(comparison.numbers.method->difference));
    CHECK(comparison.pair_p_values.size() == 3);
  }
  const std::vector<double> corrected = evaluation::holm(p_values);
  for (std::size_t i = 0; i < corrected.size(); ++i) {
    CHECK(*analysis.comparisons[i].numbers.holm_p_value == corrected[i]);
  }
  CHECK(analysis.comparisons[1].verdict == "On test, " +
                                               in_words("general", "vanilla", "BLEU",
                                                        analysis.comparisons[1].numbers,
                                                        results.data.tests.at("test").sentences) +
                                               ".");
}

TEST_CASE("comparisons: one seed gives a claim about these models only and nothing is bold") {
  fixture::Options options = small();
  options.seeds = {5};
  const Results results = read(options);
  const Analysis analysis = analyse(results);
  CHECK(analysis.best.empty());
  CHECK_FALSE(analysis.comparisons[0].numbers.method);
  CHECK(analysis.comparisons[0].verdict.starts_with("On test, these models: dot beats vanilla by "));
}

TEST_CASE("comparisons: the best is named only if it is distinguishable from the next") {
  fixture::Options options = small();
  options.systems = {"vanilla", "general"};
  const Results apart = read(options);
  CHECK(analyse(apart).best.at("test") == "general");
  Results equal = read(options);
  for (std::size_t seed = 0; seed < 3; ++seed) equal.runs[seed].hypotheses = equal.runs[3 + seed].hypotheses;
  CHECK(analyse(equal).best.empty());
}

TEST_CASE("comparisons: skipping the comparisons does not change a mean") {
  const Results results = read(small());
  const Analysis whole = analyse(results);
  const Analysis means = analyse(results, Claims::skip);
  CHECK(means.comparisons.empty());
  CHECK(means.systems[1].bleu.at("test").at("13a").mean == whole.systems[1].bleu.at("test").at("13a").mean);
}

TEST_CASE("comparisons: results are equal for any number of threads") {
  const Results results = read(small());
  const int before = threads();
  set_threads(1);
  const Analysis one = analyse(results);
  set_threads(3);
  const Analysis three = analyse(results);
  set_threads(before);
  for (std::size_t i = 0; i < one.comparisons.size(); ++i) {
    CHECK(one.comparisons[i].verdict == three.comparisons[i].verdict);
    CHECK(one.comparisons[i].numbers.models.low == three.comparisons[i].numbers.models.low);
    CHECK(one.comparisons[i].numbers.method->p_value == three.comparisons[i].numbers.method->p_value);
  }
}

TEST_CASE("comparisons: runs with the same translations have p 1 and not the floor of sacreBLEU's formula") {
  fixture::Options options = small();
  options.systems = {"vanilla", "general"};
  Results equal = read(options);
  for (std::size_t seed = 0; seed < 3; ++seed) equal.runs[seed].hypotheses = equal.runs[3 + seed].hypotheses;
  const Analysis analysis = analyse(equal);
  REQUIRE(analysis.comparisons.size() == 1);
  CHECK(analysis.comparisons[0].difference.mean == 0.0);
  CHECK(analysis.comparisons[0].pair_p_values == std::vector<double>{1, 1, 1});
  CHECK(analysis.comparisons[0].numbers.models.p_value == 1.0);
  CHECK(*analysis.comparisons[0].numbers.holm_p_value == 1.0);
}

TEST_CASE("comparisons: runs with score 0 have p 1 even if their translations differ") {
  fixture::Options options = small();
  options.systems = {"vanilla", "general"};
  Results empty = read(options);
  for (std::size_t run = 0; run < empty.runs.size(); ++run) {
    for (std::string& line : empty.runs[run].hypotheses.at("test")) line = run < 3 ? "xyzzy" : "plugh";
  }
  const Analysis analysis = analyse(empty);
  CHECK(analysis.comparisons.at(0).pair_p_values == std::vector<double>{1, 1, 1});
}

}  // namespace regard::report
