#include "framework/evaluation/sequential.h"

#include <array>
#include <cmath>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "tests/evaluation/sequential_world.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

using test::Ended;
using test::World;

constexpr SequentialDesign kDesign{.effect = 0.5, .alpha = 0.05, .power = 0.8, .first = 3, .most = 20};

MethodClaim claim(double difference, Index seeds, double seed_deviation, double sentence_deviation) {
  MethodClaim out;
  out.difference = difference;
  out.seeds = seeds;
  out.sentences = 1000;
  out.seed_deviation = seed_deviation;
  out.sentence_deviation = sentence_deviation;
  return out;
}

const std::shared_ptr<const LookLevels>& levels() {
  static const auto all = std::make_shared<const LookLevels>(kDesign.first, kDesign.most);
  return all;
}

std::vector<std::optional<MethodClaim>> claims(std::initializer_list<MethodClaim> all) {
  return {all.begin(), all.end()};
}

struct Counts {
  std::array<Index, 5> findings{};
  Index seeds = 0;
  [[nodiscard]] Index of(Finding finding) const { return findings.at(static_cast<std::size_t>(finding)); }
};

// Follows `repetitions` series of a world with each true difference.
template <std::size_t N>
std::array<Counts, N> simulate(const World& world, const std::array<double, N>& truths, Index repetitions) {
  std::vector<std::array<Ended, N>> ends(static_cast<std::size_t>(repetitions));
  const Key key(7, "sequential");
  const auto& shared = levels();
  parallel_for(repetitions, 16, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const auto looks = test::simulated(world, kDesign.first, kDesign.most, key.with(i));
      for (std::size_t t = 0; t < N; ++t)
        ends[static_cast<std::size_t>(i)][t] = test::followed(kDesign, shared, looks, truths[t]);
    }
  });
  std::array<Counts, N> counts;
  for (const auto& each : ends) {
    for (std::size_t t = 0; t < N; ++t) {
      ++counts[t].findings.at(static_cast<std::size_t>(each[t].finding));
      counts[t].seeds += each[t].seeds;
    }
  }
  return counts;
}

}  // namespace

TEST_CASE("sequential: a clear difference is better or worse and a tight interval around 0 is equivalent") {
  Sequential sequential(kDesign, 3, levels());
  const auto looks =
      sequential(claims({claim(3.0, 3, 0.1, 0.1), claim(-3.0, 3, 0.1, 0.1), claim(0.02, 3, 0.05, 0.05)}));
  CHECK(looks[0].finding == Finding::better);
  CHECK(looks[0].low > 0);
  CHECK(looks[1].finding == Finding::worse);
  CHECK(looks[2].finding == Finding::equivalent);
  CHECK(looks[2].equivalence_high < 0.5);
  CHECK_FALSE(looks[0].wants_more());
}

TEST_CASE("sequential: an open system gets another seed and a verdict is final") {
  Sequential sequential(kDesign, 1, levels());
  const Look first = sequential(claims({claim(0.6, 3, 0.5, 0.05)})).front();
  CHECK(first.finding == Finding::open);
  CHECK(first.wants_more());
  CHECK(first.low < 0);
  CHECK(first.level < 0.01);  // the first look spends little
  CHECK(first.spent < 0.01);
  const Look tenth = sequential(claims({claim(0.9, 10, 0.5, 0.05)})).front();
  CHECK(tenth.finding == Finding::better);
  CHECK(tenth.spent > first.spent);
  const Look later = sequential(claims({claim(0.0, 11, 0.5, 0.05)})).front();
  CHECK(later.finding == Finding::better);
  CHECK(later.seeds == 10);
}

TEST_CASE("sequential: sentences that leave too much doubt are recognised") {
  Sequential sequential(kDesign, 1, levels());
  const Look look = sequential(claims({claim(0.3, 6, 0.25, 0.3)})).front();
  CHECK(look.finding == Finding::open);
  CHECK(look.obstacle == Obstacle::sentences);
}

TEST_CASE("sequential: too many seeds needed are recognised before the last look and at it") {
  Sequential sequential(kDesign, 1, levels());
  const Look early = sequential(claims({claim(0.05, 12, 1.5, 0.05)})).front();
  CHECK(early.obstacle == Obstacle::seeds);
  Sequential other(kDesign, 1, levels());
  const Look last = other(claims({claim(0.45, 20, 1.0, 0.05)})).front();
  CHECK(last.obstacle == Obstacle::most);
  CHECK(last.finding == Finding::open);
}

TEST_CASE("sequential: Holm's rule gives the level of a decided system to the others") {
  // Alone at half of alpha, the second system is open; after the verdict on the first it has all of alpha.
  const MethodClaim close = claim(0.75, 8, 0.5, 0.05);
  Sequential with_open(kDesign, 2, levels());
  const auto open = with_open(claims({claim(0.0, 8, 1.0, 0.05), close}));
  CHECK(open[1].finding == Finding::open);
  Sequential with_clear(kDesign, 2, levels());
  const auto clear = with_clear(claims({claim(5.0, 8, 0.1, 0.05), close}));
  CHECK(clear[0].finding == Finding::better);
  CHECK(clear[1].finding == Finding::better);
  // A verdict of the other kind leaves nothing.
  Sequential with_equivalent(kDesign, 2, levels());
  const auto other = with_equivalent(claims({claim(0.0, 8, 0.1, 0.05), close}));
  CHECK(other[0].finding == Finding::equivalent);
  CHECK(other[1].finding == Finding::open);
}

TEST_CASE("sequential: a system with a failed run gets no verdict and the others do") {
  Sequential sequential(kDesign, 2, levels());
  const auto looks = sequential(std::vector<std::optional<MethodClaim>>{std::nullopt, claim(3.0, 3, 0.1, 0.1)});
  CHECK(looks[0].finding == Finding::failed);
  CHECK_FALSE(looks[0].wants_more());
  CHECK(looks[1].finding == Finding::better);
}

TEST_CASE("sequential: equal systems without any variance are equivalent") {
  Sequential sequential(kDesign, 1, levels());
  CHECK(sequential(claims({claim(0.0, 3, 0.0, 0.0)})).front().finding == Finding::equivalent);
}

TEST_CASE("sequential: the simulation's looks are those of method_claim") {
  // The world's own estimates are computed from sums; these are the same from the definition.
  const World world{0.5, 0.3};
  const Key key(3, "same");
  const auto looks = test::simulated(world, 3, 5, key);
  std::vector<double> differences;
  std::vector<std::vector<double>> left_out;
  std::vector<double> shared(60);
  key.with("shared").fill_normal(std::span(shared), 0, world.sigma_sentence * std::sqrt(60.0));
  for (Index seed = 0; seed < 5; ++seed) {
    std::vector<double> x(60);
    key.with(seed).fill_normal(std::span(x), 0, world.sigma_interaction * std::sqrt(60.0));
    const double of_seed = world.sigma_seed * key.with("seed").normal(seed);
    double sum = 0.0;
    for (std::size_t i = 0; i < 60; ++i) sum += x[i] += of_seed + shared[i];
    differences.push_back(sum / 60.0);
    for (double& each : x) each = (sum - each) / 59.0;
    left_out.push_back(x);
  }
  const MethodClaim claim = method_claim(differences, left_out);
  CHECK(looks.back().difference == Approx(claim.difference));
  CHECK(looks.back().seed_deviation == Approx(claim.seed_deviation));
  CHECK(looks.back().sentence_deviation == Approx(claim.sentence_deviation));
}

TEST_CASE("sequential: looking again makes at most 5 % false verdicts", "[learn]") {
  // bench/sequential_table.cpp prints the same for more settings; docs/verdicts.md has its table.
  constexpr Index repetitions = 2000;
  constexpr double allowed = 0.05 + 2.6 * 0.0049;  // 2.6 standard errors of a share of 5 % in 2,000
  const std::array<double, 3> truths{0.0, 0.25, 0.5};
  for (const double sigma_sentence : {0.05, 0.2}) {
    for (const double sigma_seed : {0.25, 0.5, 1.0, 2.0}) {
      const auto counts = simulate({sigma_seed, sigma_sentence}, truths, repetitions);
      const auto share = [&](std::size_t truth, Finding finding) {
        return static_cast<double>(counts.at(truth).of(finding)) / repetitions;
      };
      INFO("sigma_seed " << sigma_seed << ", sigma_sentence " << sigma_sentence << ": better "
                         << share(0, Finding::better) << ", worse " << share(0, Finding::worse) << ", equivalent "
                         << share(2, Finding::equivalent));
      CHECK(share(0, Finding::better) <= 0.05);
      CHECK(share(0, Finding::better) + share(0, Finding::worse) <= allowed);
      CHECK(share(1, Finding::worse) <= 0.05);
      CHECK(share(2, Finding::equivalent) <= 0.05);
      CHECK(share(2, Finding::worse) <= 0.05);
    }
  }
}

TEST_CASE("sequential: a difference is found with fewer seeds than a fixed number would need", "[learn]") {
  constexpr Index repetitions = 1000;
  const auto of = [&](double sigma_seed, double truth) {
    return simulate(World{sigma_seed, 0.05}, std::array{truth}, repetitions)[0];
  };
  // With known sigma 0.5 (and the interaction's 0.4), a t test of fixed size needs 17 seeds for the same power.
  const Counts effect = of(0.5, 0.5);
  CHECK(effect.of(Finding::better) >= repetitions * 3 / 4);
  CHECK(effect.seeds <= 15 * repetitions);
  const Counts twice = of(0.5, 1.0);
  CHECK(twice.of(Finding::better) >= repetitions * 99 / 100);
  CHECK(twice.seeds <= 9 * repetitions);
  const Counts none = of(0.25, 0.0);
  CHECK(none.of(Finding::equivalent) >= repetitions * 9 / 10);
  CHECK(none.seeds <= 13 * repetitions);
}

}  // namespace regard::evaluation
