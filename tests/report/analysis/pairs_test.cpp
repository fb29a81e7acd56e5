#include "framework/report/analysis/pairs.h"

#include <algorithm>
#include <random>

#include "framework/evaluation/method_claim.h"
#include "framework/report/analysis/comparisons.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

// A comparison with a claim about the method.
Comparison claimed(const std::string& system, const std::string& baseline, double difference, double p) {
  Comparison pair;
  pair.system = system;
  pair.baseline = baseline;
  pair.seeds = {1, 2};
  pair.numbers.models.difference = difference;
  pair.numbers.method.emplace();
  pair.numbers.method->difference = difference;
  pair.numbers.method->p_value = p;
  return pair;
}

}  // namespace

TEST_CASE("pairs: all pairs are compared by equal seeds as each would be alone") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path());
  Results results = runs::load_results(folder.path());
  std::swap(results.runs[3], results.runs[5]);  // dot's seeds in another order: pairs are by seed, not by position
  const Analysis analysis = analyse(results);
  REQUIRE(analysis.pairs.size() == 2);
  const PairAnalysis& pairs = analysis.pairs[0];
  CHECK(pairs.test == "test");
  REQUIRE(pairs.pairs.size() == 6);
  CHECK(pairs.compared == 6);
  const evaluation::Bleu bleu = bleu_with(analysis.tokenizer);
  const TestSet& test = results.tests[0];
  const RunStatistics statistics = bleu_statistics(test, analysis.systems, analysis.tokenizer);
  std::vector<double> p_values;
  std::size_t next = 0;
  for (std::size_t b = 0; b < 4; ++b) {
    for (std::size_t a = b + 1; a < 4; ++a) {
      const Comparison& pair = pairs.pairs[next++];
      const Comparison alone = compare_systems(bleu, analysis.systems[a], analysis.systems[b], test, statistics);
      INFO(pair.system << " and " << pair.baseline);
      CHECK(pair.system == alone.system);
      CHECK(pair.baseline == alone.baseline);
      CHECK(pair.seeds == alone.seeds);
      CHECK(pair.numbers.method->low == alone.numbers.method->low);
      CHECK(pair.numbers.method->p_value == alone.numbers.method->p_value);
      CHECK(pair.numbers.models.high == alone.numbers.models.high);
      CHECK(pair.pair_p_values == alone.pair_p_values);
      p_values.push_back(pair.numbers.method->p_value);
    }
  }
  const std::vector<double> holm = evaluation::holm(p_values);
  for (std::size_t i = 0; i < holm.size(); ++i) CHECK(*pairs.pairs[i].numbers.holm_p_value == holm[i]);
  CHECK(pairs.of("dot", "vanilla") == pairs.of("vanilla", "dot"));
  CHECK(pairs.of("dot", "nobody") == nullptr);
}

TEST_CASE("pairs: a system that is clearly beaten cannot be the best") {
  PairAnalysis pairs;
  pairs.pairs = {claimed("b", "a", 2, 0.04), claimed("c", "a", 3, 0.001), claimed("c", "b", 1, 0.2)};
  const auto ranking = rank(pairs, {{"a", 10}, {"b", 12}, {"c", 13}});
  REQUIRE(ranking.size() == 3);
  CHECK(ranking[0].system == "c");
  CHECK(ranking[0].may_be_best);
  CHECK(ranking[1].system == "b");
  CHECK(ranking[1].may_be_best);
  CHECK(ranking[2].system == "a");
  CHECK_FALSE(ranking[2].may_be_best);
  CHECK(ranking[2].beaten_by == "c");  // by b only with 2 * 0.02
  CHECK(ranking[2].p_value == Approx(2 * 0.0005));
}

TEST_CASE("pairs: the level is divided by the number of other systems") {
  PairAnalysis pairs;
  pairs.pairs = {claimed("b", "a", 2, 0.049), claimed("c", "a", 1, 0.9), claimed("c", "b", -1, 0.9)};
  CHECK(rank(pairs, {{"a", 10}, {"b", 12}, {"c", 11}}).back().may_be_best == false);  // 2 * 0.0245
  pairs.pairs[0].numbers.method->p_value = 0.051;
  CHECK(rank(pairs, {{"a", 10}, {"b", 12}, {"c", 11}}).back().may_be_best);
}

TEST_CASE("pairs: a system without a second seed has no rank") {
  PairAnalysis pairs;
  pairs.pairs = {claimed("b", "a", 2, 0.04), claimed("c", "a", 3, 0.001), claimed("c", "b", 3, 0.001)};
  for (std::size_t i : {1U, 2U}) pairs.pairs[i].numbers.method.reset();
  const auto ranking = rank(pairs, {{"a", 10}, {"b", 12}, {"c", 13}});
  CHECK(ranking.size() == 2);
}

TEST_CASE("pairs: the best system is in the set at least 95 times of 100") {
  // Five systems, three seeds, 300 sentences; seeds and sentences vary as in method_claim.h. Equal means are the hardest.
  constexpr int kRepetitions = 400;
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (const double step : {0.0, 0.3}) {
    int kept = 0;
    for (int repetition = 0; repetition < kRepetitions; ++repetition) {
      constexpr std::size_t kSystems = 5;
      constexpr std::size_t kSeeds = 3;
      constexpr std::size_t kSentences = 60;
      double scores[kSystems][kSeeds];
      std::vector<double> left_out[kSystems][kSeeds];
      std::vector<std::pair<std::string, double>> means;
      for (std::size_t s = 0; s < kSystems; ++s) {
        std::vector<double> shared(kSentences);
        for (double& effect : shared) effect = 2 * normal(random);
        double mean = 0;
        for (std::size_t k = 0; k < kSeeds; ++k) {
          const double seed = step * static_cast<double>(s) + 0.5 * normal(random);
          std::vector<double> values(kSentences);
          double sum = 0;
          for (std::size_t i = 0; i < kSentences; ++i) sum += values[i] = seed + shared[i] + normal(random);
          scores[s][k] = sum / kSentences;
          left_out[s][k].resize(kSentences);
          for (std::size_t i = 0; i < kSentences; ++i) left_out[s][k][i] = (sum - values[i]) / (kSentences - 1);
          mean += scores[s][k] / kSeeds;
        }
        means.emplace_back(std::string(1, static_cast<char>('a' + s)), mean);
      }
      PairAnalysis pairs;
      for (std::size_t b = 0; b < kSystems; ++b) {
        for (std::size_t a = b + 1; a < kSystems; ++a) {
          std::vector<double> differences;
          std::vector<std::vector<double>> without;
          for (std::size_t k = 0; k < kSeeds; ++k) {
            differences.push_back(scores[a][k] - scores[b][k]);
            without.push_back(left_out[a][k]);
            for (std::size_t i = 0; i < kSentences; ++i) without.back()[i] -= left_out[b][k][i];
          }
          Comparison pair = claimed(means[a].first, means[b].first, 0, 1);
          pair.numbers.method = evaluation::method_claim(differences, without);
          pairs.pairs.push_back(pair);
        }
      }
      for (const Rank& rank : rank(pairs, means)) kept += rank.system == "e" && rank.may_be_best;
    }
    INFO("step " << step << ": kept " << kept << " of " << kRepetitions);
    CHECK(kept >= 0.95 * kRepetitions - 3 * std::sqrt(0.95 * 0.05 * kRepetitions));
  }
}

}  // namespace regard::report
