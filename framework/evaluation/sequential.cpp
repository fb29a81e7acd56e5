#include "framework/evaluation/sequential.h"

#include <algorithm>
#include <cmath>

#include "framework/base/errors.h"
#include "framework/evaluation/distributions.h"

namespace regard::evaluation {
namespace {

constexpr double kUpperLimit = 0.95;  // of s_d²
constexpr double kPrediction = 0.85;

double square(double x) noexcept { return x * x; }

}  // namespace

// What is estimated from one look, and how information grows by it.
struct Sequential::Estimate {
  Estimate(const MethodClaim& of, const SequentialDesign& design)
      : claim(of),
        seeds(static_cast<double>(of.seeds)),
        degrees(seeds - 1.0),
        sentence_degrees(static_cast<double>(of.sentences) - 1.0),
        variance(square(of.seed_deviation)),
        of_sentences(square(of.sentence_deviation)) {
    const auto first = static_cast<double>(design.first);
    const auto most = static_cast<double>(design.most);
    const double upper = variance * degrees / chi_squared_quantile(1.0 - kUpperLimit, degrees);
    const double at_most = upper / most + of_sentences;
    growth = at_most > 0.0 ? (upper / first + of_sentences) / at_most : most / first;
    const double now = upper / seeds + of_sentences;
    share = now > 0.0 ? at_most / now : seeds / most;
  }

  // Returns the reach of an interval for d̄ with `count` seeds at a one-sided level.
  [[nodiscard]] double reach(double tail, double count) const {
    const double of_seeds = variance / count;
    const double total = of_seeds + of_sentences;
    if (!(total > 0.0)) return 0.0;
    const double weighted = of_seeds * student_t_quantile(1.0 - tail, count - 1.0) +
                            of_sentences * student_t_quantile(1.0 - tail, sentence_degrees);
    return weighted / std::sqrt(total);
  }

  const MethodClaim& claim;
  double seeds;
  double degrees;
  double sentence_degrees;
  double variance;      // s_d²
  double of_sentences;  // s_sentence²
  double growth;        // of information, from the first look to the last
  double share;         // of the last look's information that this look has
};

Sequential::Sequential(const SequentialDesign& design, std::size_t systems,
                       std::shared_ptr<const LookLevels> levels)
    : design_(design), levels_(std::move(levels)), looks_(systems) {
  if (!levels_) levels_ = std::make_shared<const LookLevels>(design.first, design.most);
  check(design.effect > 0.0, "Sequential: the effect is positive");
}

double Sequential::level(double alpha, const Estimate& estimate) const {
  return levels_->nominal(alpha, static_cast<double>(design_.first) * estimate.growth, estimate.share);
}

double Sequential::spent(const Estimate& estimate) const {
  const double last = static_cast<double>(design_.first) * estimate.growth;
  return 2.0 * levels_->spent(0.5 * design_.alpha, last, last * estimate.share);
}

void Sequential::test(Look& look, const Estimate& estimate, double for_difference, double for_equivalence) const {
  const double one_side = level(0.5 * for_difference, estimate);
  const double each_side = level(for_equivalence, estimate);
  const double reach = estimate.reach(one_side, estimate.seeds);
  const double narrow = estimate.reach(each_side, estimate.seeds);
  look.level = 2.0 * one_side;
  look.low = look.difference - reach;
  look.high = look.difference + reach;
  look.equivalence_level = each_side;
  look.equivalence_low = look.difference - narrow;
  look.equivalence_high = look.difference + narrow;
  if (look.low > 0.0) {
    look.finding = Finding::better;
  } else if (look.high < 0.0) {
    look.finding = Finding::worse;
  } else if (-design_.effect < look.equivalence_low && look.equivalence_high < design_.effect) {
    look.finding = Finding::equivalent;
  }
}

// Whether a final difference within `spread` of the present one leaves the system open, with intervals of these reaches.
bool Sequential::stays_open(double difference, double spread, double reach, double narrow) const {
  const double low = std::max(0.0, std::abs(difference) - spread);
  const double high = std::abs(difference) + spread;
  return high <= reach && low >= design_.effect - narrow;
}

void Sequential::judge_prospects(Look& look, const Estimate& estimate, double for_difference,
                                 double for_equivalence) const {
  const Estimate& e = estimate;
  const auto most = static_cast<double>(design_.most);
  const auto last_level = [&](double alpha) {
    return levels_->nominal(alpha, static_cast<double>(design_.first) * e.growth, 1.0);
  };
  const double one_side = last_level(0.5 * for_difference);
  const double each_side = last_level(for_equivalence);
  const double t = student_t_quantile(0.5 * (1.0 + kPrediction), e.degrees);
  const auto open_with = [&](double seeds) {
    const double left = std::max(0.0, 1.0 / e.seeds - 1.0 / seeds);
    return stays_open(look.difference, t * look.seed_deviation * std::sqrt(left), e.reach(one_side, seeds),
                      e.reach(each_side, seeds));
  };
  look.obstacle = Obstacle::none;
  if (look.seeds < design_.most && !open_with(most)) return;
  // No number of seeds would do.
  constexpr double endless = 1e6;
  look.obstacle = open_with(endless)          ? Obstacle::sentences
                  : look.seeds < design_.most ? Obstacle::seeds
                                              : Obstacle::most;
}

const std::vector<Look>& Sequential::operator()(std::span<const std::optional<MethodClaim>> claims) {
  check(claims.size() == looks_.size(), "Sequential: one claim for each system");
  std::vector<std::optional<Estimate>> estimates(claims.size());
  for (std::size_t s = 0; s < claims.size(); ++s) {
    Look& look = looks_[s];
    if (!claims[s] && look.finding == Finding::open) look.finding = Finding::failed;
    if (look.finding != Finding::open) continue;
    look.seeds = claims[s]->seeds;
    look.difference = claims[s]->difference;
    look.seed_deviation = claims[s]->seed_deviation;
    look.sentence_deviation = claims[s]->sentence_deviation;
    estimates[s].emplace(*claims[s], design_);
  }
  // A verdict leaves more of alpha to the other systems, so they are tested again.
  for (bool again = true; again;) {
    again = false;
    const double for_difference = share({Finding::better, Finding::worse});
    const double for_equivalence = share({Finding::equivalent});
    for (std::size_t s = 0; s < looks_.size(); ++s) {
      if (looks_[s].finding != Finding::open) continue;
      test(looks_[s], *estimates[s], for_difference, for_equivalence);
      looks_[s].spent = spent(*estimates[s]);
      again = again || looks_[s].finding != Finding::open;
    }
  }
  for (std::size_t s = 0; s < looks_.size(); ++s) {
    if (looks_[s].finding != Finding::open) {
      looks_[s].obstacle = Obstacle::none;
      continue;
    }
    judge_prospects(looks_[s], *estimates[s], share({Finding::better, Finding::worse}),
                    share({Finding::equivalent}));
  }
  return looks_;
}

// Returns the level that Holm's rule gives to the systems that do not have one of these verdicts.
double Sequential::share(std::initializer_list<Finding> verdicts) const {
  const auto without = std::count_if(looks_.begin(), looks_.end(), [&](const Look& look) {
    return std::find(verdicts.begin(), verdicts.end(), look.finding) == verdicts.end();
  });
  return design_.alpha / static_cast<double>(std::max<std::ptrdiff_t>(1, without));
}

}  // namespace regard::evaluation
