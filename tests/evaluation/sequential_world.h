#pragma once
// Simulated series of seeds, for the test and the table of framework/evaluation/sequential.h.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "framework/base/random.h"
#include "framework/evaluation/sequential.h"

namespace regard::evaluation::test {

// The difference of two systems whose score is a mean over sentences:
//   x_si = difference + effect of the seed + effect of the sentence + effect of sentence and seed
struct World {
  double sigma_seed;
  double sigma_sentence;           // of the mean over the sentences, shared by the seeds
  double sigma_interaction = 0.4;  // of the mean over the sentences of one seed
  Index sentences = 60;
};

// Returns the looks at one series of seeds without a true difference, which would only add to d̄. They have what
// method_claim() estimates, but no interval.
inline std::vector<MethodClaim> simulated(const World& world, Index first, Index most, const Key& key) {
  const auto count = static_cast<std::size_t>(world.sentences);
  const auto of = static_cast<double>(world.sentences);
  const double root = std::sqrt(of);
  std::vector<double> shared(count);
  key.with("shared").fill_normal(std::span(shared), 0, world.sigma_sentence * root);
  std::vector<double> sums(count, 0.0);  // of the seeds' jackknife deviations
  std::vector<double> squares(count, 0.0);
  double sum = 0.0;
  double square = 0.0;
  std::vector<MethodClaim> claims;
  for (Index seed = 0; seed < most; ++seed) {
    std::vector<double> x(count);
    key.with(seed).fill_normal(std::span(x), 0, world.sigma_interaction * root);
    const double of_seed = world.sigma_seed * key.with("seed").normal(seed);
    double total = 0.0;
    for (std::size_t i = 0; i < count; ++i) total += x[i] += of_seed + shared[i];
    const double difference = total / of;
    sum += difference;
    square += difference * difference;
    for (std::size_t i = 0; i < count; ++i) {
      const double moved = (difference - x[i]) / (of - 1.0);
      sums[i] += moved;
      squares[i] += moved * moved;
    }
    if (seed + 1 < first) continue;
    const auto n = static_cast<double>(seed + 1);
    double pairs = 0.0;
    for (std::size_t i = 0; i < count; ++i) pairs += sums[i] * sums[i] - squares[i];
    MethodClaim& claim = claims.emplace_back();
    claim.difference = sum / n;
    claim.seed_deviation = std::sqrt(std::max(0.0, (square - sum * sum / n) / (n - 1.0)));
    claim.sentence_deviation = std::sqrt(std::max(0.0, pairs / (n * (n - 1.0)) * (of - 1.0) / of));
    claim.seeds = seed + 1;
    claim.sentences = world.sentences;
  }
  return claims;
}

struct Ended {
  Finding finding = Finding::open;
  Obstacle obstacle = Obstacle::none;
  Index seeds = 0;
};

// Follows one system with this true difference to its end.
inline Ended followed(const SequentialDesign& design, const std::shared_ptr<const LookLevels>& levels,
                      std::span<const MethodClaim> looks, double difference) {
  Sequential sequential(design, 1, levels);
  for (MethodClaim claim : looks) {
    claim.difference += difference;
    const std::vector<std::optional<MethodClaim>> now{claim};
    const Look& look = sequential(now).front();
    if (!look.wants_more()) return {look.finding, look.obstacle, look.seeds};
  }
  return {};
}

}  // namespace regard::evaluation::test
