#include "framework/evaluation/comparison.h"

#include <fmt/format.h>
#include <random>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/evaluation/bleu.h"
#include "framework/evaluation/resampling.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

// Returns hypotheses in which each word is right with a given probability.
std::vector<Statistics> trained(double quality, double spread, std::size_t seeds, std::uint64_t stream) {
  std::mt19937_64 random(stream);
  std::uniform_real_distribution<double> uniform;
  Lines references;
  for (int i = 0; i < 200; ++i) {
    std::string line;
    for (int w = 0; w < 6 + i % 9; ++w) line += fmt::format("w{} ", (i * 7 + w * 3) % 50);
    references.push_back(line);
  }
  std::vector<Statistics> runs;
  for (std::size_t s = 0; s < seeds; ++s) {
    const double own = quality + spread * (uniform(random) - 0.5);
    Lines hypotheses;
    for (int i = 0; i < 200; ++i) {
      std::string line;
      for (int w = 0; w < 6 + i % 9; ++w)
        line += uniform(random) < own ? fmt::format("w{} ", (i * 7 + w * 3) % 50) : "x ";
      hypotheses.push_back(line);
    }
    runs.push_back(Bleu().statistics(hypotheses, {references}));
  }
  return runs;
}

Runs pointers(const std::vector<Statistics>& runs) {
  Runs out;
  for (const Statistics& run : runs) out.push_back(&run);
  return out;
}

}  // namespace

TEST_CASE("comparison: both claims find a clear difference and are corrected over the systems") {
  const auto base = trained(0.8, 0.02, 3, 1);
  const auto better = trained(0.9, 0.02, 3, 2);
  const auto equal = trained(0.8, 0.02, 3, 3);
  const std::vector<Runs> systems = {pointers(better), pointers(equal)};
  const std::vector<Comparison> found = compare(Bleu(), pointers(base), systems);
  REQUIRE(found.size() == 2);
  CHECK(found[0].scores.size() == 3);
  CHECK(found[0].models.low > 0.0);
  CHECK(found[0].models.p_value < 0.01);
  REQUIRE(found[0].method);
  CHECK(found[0].method->low > 0.0);
  CHECK(found[0].method->difference == Approx(found[0].models.difference));
  CHECK(*found[0].holm_p_value == Approx(std::min(1.0, 2 * found[0].method->p_value)));
  CHECK(found[0].pairing);
  CHECK(found[1].method->low < 0.0);
  CHECK(found[1].method->high > 0.0);
  CHECK(*found[1].holm_p_value > 0.05);
}

TEST_CASE("comparison: with one seed there is a claim about the models only") {
  const auto base = trained(0.8, 0.0, 1, 1);
  const auto better = trained(0.9, 0.0, 1, 2);
  const std::vector<Runs> systems = {pointers(better)};
  const std::vector<Comparison> found = compare(Bleu(), pointers(base), systems);
  CHECK_FALSE(found[0].method);
  CHECK_FALSE(found[0].holm_p_value);
  CHECK(in_words("general", "vanilla", "BLEU", found[0], 200)
            .starts_with("these models: general beats vanilla by "));
}

TEST_CASE("comparison: the jackknife and the bootstrap agree on the variance from sentences") {
  const auto runs = trained(0.8, 0.0, 1, 5);
  const std::vector<double> left_out = leave_one_out(Bleu(), runs[0]);
  double mean = 0.0;
  for (const double x : left_out) mean += x / 200.0;
  double jackknife = 0.0;
  for (const double x : left_out) jackknife += (x - mean) * (x - mean) * 199.0 / 200.0;
  const Runs one = pointers(runs);
  double bootstrap = 0.0;
  const std::vector<double> scores = bootstrap_scores(Bleu(), one, 2000)[0];
  double centre = 0.0;
  for (const double x : scores) centre += x / 2000.0;
  for (const double x : scores) bootstrap += (x - centre) * (x - centre) / 1999.0;
  CHECK(std::sqrt(jackknife) == Approx(std::sqrt(bootstrap)).epsilon(0.1));
}

TEST_CASE("comparison: results are equal for any number of threads") {
  const auto base = trained(0.8, 0.02, 2, 1);
  const auto other = trained(0.82, 0.02, 2, 2);
  const std::vector<Runs> systems = {pointers(other)};
  const int before = threads();
  set_threads(1);
  const Comparison one = compare(Bleu(), pointers(base), systems)[0];
  set_threads(3);
  const Comparison three = compare(Bleu(), pointers(base), systems)[0];
  set_threads(before);
  CHECK(one.models.low == three.models.low);
  CHECK(one.models.p_value == three.models.p_value);
  CHECK(one.method->high == three.method->high);
  CHECK(one.method->p_value == three.method->p_value);
}

TEST_CASE("comparison: unequal numbers of seeds are refused with one sentence") {
  const auto base = trained(0.8, 0.0, 2, 1);
  const auto other = trained(0.8, 0.0, 1, 2);
  const std::vector<Runs> systems = {pointers(other)};
  CHECK_THROWS_WITH(compare(Bleu(), pointers(base), systems),
                    "comparison: system 1 has 1 seeds, but the baseline has 2; give both the same seeds");
  CHECK_THROWS_WITH(compare(Bleu(), Runs{}, systems),
                    "comparison: the baseline has no finished seed; at least one is needed");
}

TEST_CASE("comparison: the verdict is one sentence") {
  Comparison c;
  c.scores = {30, 31, 32};
  c.baseline_scores = {24, 25, 26};
  c.models = {.difference = 6.1, .low = 5.5, .high = 6.6, .p_value = 0.002};
  c.method = MethodClaim{.difference = 6.1,
                         .low = 5.2,
                         .high = 7.0,
                         .p_value = 0.002,
                         .seed_deviation = 0.3,
                         .sentence_deviation = 0.1,
                         .degrees = 2.5,
                         .seeds = 3,
                         .sentences = 1000};
  c.holm_p_value = 0.002;
  CHECK(in_words("general", "vanilla", "BLEU", c, 1000) ==
        "general beats vanilla by 6.1 BLEU [5.2, 7.0], p = 0.002 (3 seeds, 1000 sentences)");
  CHECK(in_words("general", "vanilla", "TER", c, 1000, true) ==
        "general is beaten by vanilla by 6.1 TER [5.2, 7.0], p = 0.002 (3 seeds, 1000 sentences)");
  c.method->p_value = 0.0004;
  CHECK(in_words("general", "vanilla", "BLEU", c, 1000) ==
        "general beats vanilla by 6.1 BLEU [5.2, 7.0], p < 0.001, Holm's p = 0.002 (3 seeds, 1000 sentences)");
  c.models.difference = -6.1;
  c.method->low = -7.0;
  c.method->high = -5.2;
  c.holm_p_value = 0.0001;
  CHECK(in_words("general", "vanilla", "BLEU", c, 1000) ==
        "general is beaten by vanilla by 6.1 BLEU [5.2, 7.0], p < 0.001 (3 seeds, 1000 sentences)");
  c.models.difference = 0.3;
  c.method->low = -0.4;
  c.method->high = 1.0;
  c.method->p_value = 0.31;
  c.holm_p_value = 0.31;
  CHECK(in_words("dot", "vanilla", "BLEU", c, 1000) ==
        "dot and vanilla are not distinguishable: +0.3 BLEU [-0.4, 1.0], p = 0.31 (3 seeds, 1000 sentences); "
        "between 4 and 41 seeds would be needed for a difference of 0.5 (alpha 0.05, power 0.8)");
  c.method->sentence_deviation = 1.0;
  CHECK(in_words("dot", "vanilla", "BLEU", c, 1000) ==
        "dot and vanilla are not distinguishable: +0.3 BLEU [-0.4, 1.0], p = 0.31 (3 "
        "seeds, 1000 sentences); no number of seeds would be enough for a difference "
        "of 0.5 (alpha 0.05, power 0.8); at least 31457 sentences are needed");
  c.method->sentence_deviation = 0.1;
  c.method->seed_deviation = 30.0;
  CHECK(in_words("dot", "vanilla", "BLEU", c, 1000).find("; more than 1000 seeds would be needed") !=
        std::string::npos);
}

TEST_CASE("comparison: a verdict names the uncorrected p if the interval excludes 0 and Holm's p does not") {
  Comparison c;
  c.scores = c.baseline_scores = {30, 31, 32};
  c.models.difference = -3.4;
  c.method = MethodClaim{.difference = -3.4,
                         .low = -5.8,
                         .high = -1.1,
                         .p_value = 0.019,
                         .seed_deviation = 0.9,
                         .sentence_deviation = 0.1,
                         .degrees = 2.5,
                         .seeds = 3,
                         .sentences = 1000};
  c.holm_p_value = 0.095;
  CHECK(in_words("dot", "vanilla", "BLEU", c, 1000)
            .starts_with("dot and vanilla are not distinguishable: -3.4 BLEU [-5.8, -1.1], p = 0.019, Holm's p = "
                         "0.095 (3 seeds, 1000 sentences); "));
}

TEST_CASE("comparison: the verdict says that two seeds are too few and gives no number of seeds") {
  Comparison c;
  c.scores = c.baseline_scores = {30, 31};
  c.models.difference = 0.3;
  c.method = MethodClaim{.difference = 0.3,
                         .low = -4.4,
                         .high = 5.0,
                         .p_value = 0.5,
                         .seed_deviation = 0.3,
                         .sentence_deviation = 0.1,
                         .degrees = 1.5,
                         .seeds = 2,
                         .sentences = 1000};
  c.holm_p_value = 0.5;
  CHECK(
      in_words("dot", "vanilla", "BLEU", c, 1000) ==
      "dot and vanilla are not distinguishable: +0.3 BLEU [-4.4, 5.0], p = 0.50 (2 seeds, 1000 sentences); two seeds "
      "are too few to estimate how many would be needed");
}

TEST_CASE("comparison: the smallest possible p-value of the resampling is written as a bound") {
  const auto base = trained(0.5, 0.0, 1, 1);
  const auto better = trained(0.95, 0.0, 1, 2);
  const std::vector<Runs> systems = {pointers(better)};
  const Comparison found = compare(Bleu(), pointers(base), systems)[0];
  CHECK(found.models.p_value == 2.0 / 1001);
  CHECK(found.models.smallest_p == 2.0 / 1001);
  CHECK(in_words("general", "vanilla", "BLEU", found, 200).find("], p ≤ 0.002 (1 seed, 200 sentences)") !=
        std::string::npos);
}

}  // namespace regard::evaluation
