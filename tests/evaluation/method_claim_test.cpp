#include "framework/evaluation/method_claim.h"

#include <cmath>
#include <random>

#include "framework/base/errors.h"
#include "framework/evaluation/distributions.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

// Simulated differences of two systems whose score is a mean over sentences:
//   x_si = difference + effect of the seed + effect of the sentence + effect of sentence and seed
struct World {
  double difference;
  double sigma_seed;
  double sigma_sentence;     // of the mean over the sentences, shared by the seeds
  double sigma_interaction;  // of the mean over the sentences of one seed
};

MethodClaim simulated(const World& world, std::size_t seeds, std::size_t sentences, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  const double root = std::sqrt(static_cast<double>(sentences));
  std::vector<double> shared(sentences);
  for (double& b : shared) b = world.sigma_sentence * root * normal(random);
  std::vector<double> differences(seeds);
  std::vector<std::vector<double>> left_out(seeds, std::vector<double>(sentences));
  for (std::size_t s = 0; s < seeds; ++s) {
    const double seed_part = world.difference + world.sigma_seed * normal(random);
    double sum = 0.0;
    for (std::size_t i = 0; i < sentences; ++i) {
      left_out[s][i] = seed_part + shared[i] + world.sigma_interaction * root * normal(random);
      sum += left_out[s][i];
    }
    differences[s] = sum / static_cast<double>(sentences);
    for (double& x : left_out[s]) x = (sum - x) / static_cast<double>(sentences - 1);
  }
  return method_claim(differences, left_out);
}

}  // namespace

TEST_CASE("distributions: quantiles and probabilities are those of published tables") {
  CHECK(student_t_quantile(0.975, 1) == Approx(12.706204736432095));
  CHECK(student_t_quantile(0.975, 2) == Approx(4.302652729696142));
  CHECK(student_t_quantile(0.975, 1e6) == Approx(1.959966));
  CHECK(student_t_two_sided_p(-4.302652729696142, 2) == Approx(0.05));
  CHECK(student_t_two_sided_p(INFINITY, 2) == 0.0);
  CHECK(chi_squared_quantile(0.95, 2) == Approx(5.991464547107979));
  CHECK(chi_squared_quantile(0.025, 9) == Approx(2.7003894999803584));
  CHECK(student_t_degrees(0.975, student_t_quantile(0.975, 3.7), 2, 100) == Approx(3.7));
  CHECK(student_t_degrees(0.975, 100.0, 2, 100) == 2.0);
  CHECK(student_t_degrees(0.975, 1.0, 2, 100) == 100.0);
  CHECK(student_t_power(0, 5, student_t_quantile(0.975, 5)) == Approx(0.05));
  CHECK(student_t_power(1e3, 5, 2.5) == 1.0);
}

TEST_CASE("method claim: only the seeds count if all sentences change equally") {
  const std::vector<double> d = {1.0, 2.0, 4.5};
  const std::vector<std::vector<double>> same(3, std::vector<double>(50, 1.0));
  const MethodClaim claim = method_claim(d, same);
  CHECK(claim.difference == Approx(2.5));
  CHECK(claim.seed_deviation == Approx(1.802775637731995));
  CHECK(claim.sentence_deviation == 0.0);
  CHECK(claim.degrees == Approx(2.0));
  CHECK(claim.high - claim.difference == Approx(4.302652729696142 * 1.802775637731995 / std::sqrt(3.0)));
  CHECK(claim.p_value == Approx(0.1381966).epsilon(1e-3));  // the paired t test
  CHECK(claim.seeds == 3);
  CHECK(claim.sentences == 50);
}

TEST_CASE("method claim: only the sentences count if the seeds do not differ") {
  std::vector<double> left_out(101);
  for (std::size_t i = 0; i < left_out.size(); ++i) left_out[i] = static_cast<double>(i) / 1e4;
  const MethodClaim claim = method_claim(std::vector<double>{0.3, 0.3}, std::vector{left_out, left_out});
  CHECK(claim.seed_deviation == 0.0);
  CHECK(claim.sentence_deviation == Approx(std::sqrt(858.5 * 100.0 * 100.0 / 101.0) / 1e4));
  CHECK(claim.degrees == Approx(100.0));
  CHECK(claim.p_value < 0.05 + 1.0);
}

TEST_CASE("method claim: the interval and the p-value agree") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 200; ++i) {
    const MethodClaim claim = simulated({0.5, 0.3, 0.3, 0.2}, 3, 20, random);
    CHECK((claim.p_value < 0.05) == (claim.low > 0.0 || claim.high < 0.0));
  }
}

TEST_CASE("method claim: equal systems have p 1 and a constant difference has p 0") {
  const std::vector<std::vector<double>> same(2, std::vector<double>(5, 0.0));
  CHECK(method_claim(std::vector<double>{0.0, 0.0}, same).p_value == 1.0);
  CHECK(method_claim(std::vector<double>{1.0, 1.0}, same).p_value == 0.0);
}

TEST_CASE("method claim: one seed or one sentence is an internal error") {
  const std::vector<std::vector<double>> one(1, std::vector<double>(5, 0.0));
  CHECK_THROWS_AS(method_claim(std::vector<double>{1.0}, one), InternalError);
  const std::vector<std::vector<double>> short_ones(2, std::vector<double>(1, 0.0));
  CHECK_THROWS_AS(method_claim(std::vector<double>{1.0, 2.0}, short_ones), InternalError);
}

TEST_CASE("method claim: nominal 95 % intervals cover 93 to 97 % and 5 % tests reject at most 6 %", "[learn]") {
  constexpr int repetitions = 4000;
  const auto world = [](double difference, double sigma_seed) { return World{difference, sigma_seed, 0.25, 0.4}; };
  std::uint64_t stream = 20;
  for (const std::size_t seeds : {std::size_t{3}, std::size_t{5}, std::size_t{10}}) {
    for (const double sigma_seed : {0.0, 0.25, 0.5, 1.0}) {
      std::mt19937_64 random(stream++);
      int covered = 0;
      int rejected = 0;
      for (int i = 0; i < repetitions; ++i) {
        const MethodClaim real = simulated(world(1.5, sigma_seed), seeds, 40, random);
        covered += real.low <= 1.5 && 1.5 <= real.high ? 1 : 0;
        rejected += simulated(world(0.0, sigma_seed), seeds, 40, random).p_value < 0.05 ? 1 : 0;
      }
      INFO("seeds " << seeds << ", sigma_seed " << sigma_seed << ": covered " << covered << ", rejected "
                    << rejected);
      CHECK(covered >= 0.93 * repetitions);
      CHECK(covered <= 0.97 * repetitions);
      CHECK(rejected <= 0.06 * repetitions);
    }
  }
}

TEST_CASE("seeds needed: more variance needs more seeds and the range contains the simple answer") {
  MethodClaim claim;
  claim.seeds = 5;
  claim.sentences = 1000;
  claim.seed_deviation = 0.5;
  claim.sentence_deviation = 0.05;
  const SeedsNeeded needed = seeds_needed(claim, 0.5);
  CHECK(needed.low < 10);  // a paired t test with s_d known to be 0.5 needs 10
  CHECK(needed.high > 10);
  CHECK_FALSE(needed.more_sentences);
  CHECK(seeds_needed(claim, 5.0).low == 2);
  claim.seed_deviation = 50;
  CHECK(seeds_needed(claim, 0.5).high == SeedsNeeded::most);
}

TEST_CASE("seeds needed: a test set that is too small is distinguished from too few seeds") {
  MethodClaim claim;
  claim.seeds = 3;
  claim.sentences = 1000;
  claim.seed_deviation = 0.5;
  claim.sentence_deviation = 0.5;
  const SeedsNeeded needed = seeds_needed(claim, 0.5);
  CHECK(needed.more_sentences);
  CHECK(needed.sentences == Approx(7860).epsilon(0.01));  // (1.96 + 0.84)² * 1000
}

TEST_CASE("holm: the smallest p-value is multiplied by the number of tests and the order is kept") {
  CHECK(holm({0.01, 0.04, 0.03}) == std::vector<double>{0.03, 0.06, 0.06});
  CHECK(holm({0.9, 0.8}) == std::vector<double>{1.0, 1.0});
  CHECK(holm({}).empty());
}

TEST_CASE("pairing: a common effect of the seed on both systems reduces the variance of the difference") {
  const Pairing alike = pairing(std::vector<double>{1, 2, 3}, std::vector<double>{11, 12, 13});
  CHECK(alike.correlation == Approx(1.0));
  CHECK(alike.variance_ratio == Approx(0.0).margin(1e-12));
  const Pairing against = pairing(std::vector<double>{1, 2, 3}, std::vector<double>{3, 2, 1});
  CHECK(against.correlation == Approx(-1.0));
  CHECK(against.variance_ratio == Approx(2.0));
  const Pairing still = pairing(std::vector<double>{1, 1, 1}, std::vector<double>{1, 1, 1});
  CHECK(still.correlation == 0.0);
  CHECK(still.variance_ratio == 1.0);
}

TEST_CASE("pairing: two seeds have no correlation because two points are always on a line") {
  CHECK(std::isnan(pairing(std::vector<double>{1, 2}, std::vector<double>{12, 11}).correlation));
}

}  // namespace regard::evaluation
