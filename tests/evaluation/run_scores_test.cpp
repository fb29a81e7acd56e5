#include "framework/evaluation/run_scores.h"

#include "framework/base/errors.h"
#include "framework/evaluation/bleu.h"
#include "framework/evaluation/resampling.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

// Four runs on 12 sentences: run r has a wrong word in every (r + 2)th sentence.
std::vector<Statistics> four_runs() {
  const Lines references(12, "one two three four five six");
  std::vector<Statistics> runs;
  for (std::size_t r = 0; r < 4; ++r) {
    Lines lines = references;
    for (std::size_t i = 0; i < lines.size(); i += r + 2) lines[i] = "one two three wrong five six";
    runs.push_back(Bleu().statistics(lines, {references}));
  }
  return runs;
}

Runs pointers(const std::vector<Statistics>& runs) {
  Runs out;
  for (const Statistics& run : runs) out.push_back(&run);
  return out;
}

}  // namespace

TEST_CASE("run scores: groups of runs are compared as if they were alone") {
  const auto runs = four_runs();
  const Runs all = pointers(runs);
  const RunScores scores(Bleu(), all);
  REQUIRE(scores.size() == 4);
  CHECK(scores.score(2) == Bleu().score(runs[2].sum()));
  const std::vector<std::size_t> system{3, 1, 0};
  const std::vector<std::size_t> baseline{0, 2, 1};
  const Comparison together = scores.compare(system, baseline);
  const std::vector<Runs> alone_systems{{all[3], all[1], all[0]}};
  const Comparison alone = compare(Bleu(), {all[0], all[2], all[1]}, alone_systems)[0];
  CHECK(together.scores == alone.scores);
  CHECK(together.baseline_scores == alone.baseline_scores);
  CHECK(together.models.low == alone.models.low);
  CHECK(together.models.p_value == alone.models.p_value);
  REQUIRE(together.method);
  CHECK(together.method->high == alone.method->high);
  CHECK(together.pairing->correlation == alone.pairing->correlation);
  CHECK_FALSE(together.holm_p_value);
  // Turned around, the difference is the negative one.
  const Comparison turned = scores.compare(baseline, system);
  CHECK(turned.method->low == Approx(-together.method->high));
}

TEST_CASE("run scores: one run each has no claim about the method") {
  const auto runs = four_runs();
  const RunScores scores(Bleu(), pointers(runs));
  const std::size_t first = 0;
  const std::size_t second = 1;
  CHECK_FALSE(scores.compare({&first, 1}, {&second, 1}).method);
}

TEST_CASE("run scores: the p-value of two runs is sacreBLEU's") {
  const auto runs = four_runs();
  const Runs all = pointers(runs);
  const RunScores scores(Bleu(), all);
  const Runs pair{all[1], all[3]};
  CHECK(scores.pair_p_value(3, 1) == *paired_bootstrap(Bleu(), pair)[1].p_value);
  CHECK(scores.pair_p_value(2, 2) == 1.0);  // no resample differs
}

TEST_CASE("run scores: unequal numbers of runs are refused") {
  const auto runs = four_runs();
  const RunScores scores(Bleu(), pointers(runs));
  const std::vector<std::size_t> two{0, 1};
  const std::vector<std::size_t> one{2};
  CHECK_THROWS_WITH(scores.compare(two, one),
                    "comparison: a system has 2 seeds, but the baseline has 1; give both the same seeds");
  CHECK_THROWS_WITH(scores.compare(two, {}),
                    "comparison: the baseline has no finished seed; at least one is needed");
}

}  // namespace regard::evaluation
