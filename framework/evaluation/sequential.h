#pragma once
// Decides whether systems are better or worse than a baseline, or equivalent to it within ± effect, looking again
// after each further seed.
//
// One look at one system is a MethodClaim with the seeds so far. Its interval at the look's nominal level is
//   d̄ ± q * sqrt(s_d²/n + s_sentence²)
// q is the mean of t(n - 1) and t(N - 1), weighted by the two variances (Cochran and Cox 1957): at the small levels of
// early looks, the smaller q of method_claim.h would be exceeded too often.
// Better or worse: the interval at the level of alpha/2 on each side does not contain 0. Equivalent: the interval at
// the level of alpha on each side is within ± effect (two one-sided tests, Schuirmann 1987). A verdict is final.
//
// Looking again: see sequential_levels.h. With n seeds the information is 1 / (s²/n + s_sentence²), where s² is the upper
// 95 % limit of s_d², because the few seeds of the first looks may vary too little by chance.
//
// Several systems: Holm's step-down rule with sequential tests (Ye, Li, Liu and Yao 2013): the first verdict of a kind
// needs the level alpha / systems, the next one alpha / (systems - 1), and so on; separately for differences and for
// equivalence. So the probability of any false 'better' or 'worse' is at most alpha, and that of any false
// 'equivalent' too.
//
// More seeds cannot help if even `most` seeds would almost surely leave the system open: the predicted final
// difference, d̄ ± t * s_d * sqrt(1/n - 1/most) with 85 %, is where neither verdict can be given. The system then gets no
// further seed. This adds no error: it only gives fewer verdicts. The simulation in docs/verdicts.md shows the errors and the
// mean numbers of seeds.
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/evaluation/method_claim.h"
#include "framework/evaluation/sequential_levels.h"

namespace regard::evaluation {

struct SequentialDesign {
  double effect = 0.5;
  double alpha = 0.05;
  double power = 0.8;  // for the caller: with which probability `effect` should be found (seeds_needed)
  Index first = 3;
  Index most = 20;
};

enum class Finding : std::uint8_t { open, better, worse, equivalent, failed };
inline constexpr std::array<const char*, 5> kFindings{"open", "better", "worse", "equivalent", "failed"};

// Why an open system gets no further seed: the number of seeds that the design allows would very probably not decide
// it; no number of seeds would, because the sentences alone leave too much doubt; it has all seeds that are allowed.
enum class Obstacle : std::uint8_t { none, seeds, sentences, most };
inline constexpr std::array<const char*, 4> kObstacles{"none", "seeds", "sentences", "most"};

struct Look {
  Index seeds = 0;
  double difference = 0;  // positive: better
  double seed_deviation = 0;
  double sentence_deviation = 0;
  double level = 0;  // nominal, of the test for a difference, both sides together
  double low = 0, high = 0;
  double equivalence_level = 0;  // nominal, of each of the two one-sided tests
  double equivalence_low = 0, equivalence_high = 0;
  double spent = 0;  // the part of alpha that the looks so far have spent, if one system is tested
  Finding finding = Finding::open;
  Obstacle obstacle = Obstacle::none;  // of an open system; none: it gets another seed
  // For the caller, who knows the claim: what a verdict would need (seeds_needed). Seeds from and to, or, if no number of
  // seeds is enough, sentences.
  std::array<Index, 2> needs_seeds{};
  Index needs_sentences = 0;

  [[nodiscard]] bool wants_more() const { return finding == Finding::open && obstacle == Obstacle::none; }
};

// Not thread-safe.
class Sequential {
 public:
  // `levels` are those of design.first and design.most, if the caller has them already.
  Sequential(const SequentialDesign& design, std::size_t systems,
             std::shared_ptr<const LookLevels> levels = nullptr);

  // Looks again. claims[s] has all seeds of system s so far: one more than before, or the same if it wants no more;
  // no value: one of its runs failed. The sign of a claim's difference is such that positive is better. Returns the
  // looks, with the verdicts so far.
  [[nodiscard]] const std::vector<Look>& operator()(std::span<const std::optional<MethodClaim>> claims);

 private:
  struct Estimate;  // from one look at one system

  [[nodiscard]] double level(double alpha, const Estimate& estimate) const;
  [[nodiscard]] double spent(const Estimate& estimate) const;
  void test(Look& look, const Estimate& estimate, double for_difference, double for_equivalence) const;
  [[nodiscard]] bool stays_open(double difference, double spread, double reach, double narrow) const;
  void judge_prospects(Look& look, const Estimate& estimate, double for_difference, double for_equivalence) const;
  [[nodiscard]] double share(std::initializer_list<Finding> verdicts) const;

  SequentialDesign design_;
  std::shared_ptr<const LookLevels> levels_;
  std::vector<Look> looks_;
};

}  // namespace regard::evaluation
