#include "framework/evaluation/method_claim.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/evaluation/distributions.h"

namespace regard::evaluation {
namespace {

constexpr double upper = 0.975;           // of a two-sided level of 0.05
constexpr double towards_weighted = 0.6;  // see method_claim.h
constexpr double range_confidence = 0.8;  // of the interval of s_d

double number(std::size_t n) noexcept { return static_cast<double>(n); }

double mean(std::span<const double> x) noexcept {
  return std::accumulate(x.begin(), x.end(), 0.0) / number(x.size());
}

double covariance(std::span<const double> x, std::span<const double> y) noexcept {
  const double mean_x = mean(x);
  const double mean_y = mean(y);
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mean_x) * (y[i] - mean_y);
  return sum / (number(x.size()) - 1.0);
}

// Returns the jackknife's covariance of d_s and d_r for s != r, averaged over all such pairs:
// ((sum over seeds)² - sum over seeds of squares) / (n (n - 1)), summed over the sentences.
double shared_variance(std::span<const std::vector<double>> left_out) {
  const std::size_t seeds = left_out.size();
  const std::size_t sentences = left_out[0].size();
  std::vector<double> centre(seeds);
  for (std::size_t s = 0; s < seeds; ++s) centre[s] = mean(left_out[s]);
  double pairs = 0.0;
  for (std::size_t i = 0; i < sentences; ++i) {
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t s = 0; s < seeds; ++s) {
      const double moved = left_out[s][i] - centre[s];
      sum += moved;
      squares += moved * moved;
    }
    pairs += sum * sum - squares;
  }
  const double covariances = pairs / (number(seeds) * (number(seeds) - 1.0));
  return std::max(0.0, covariances * (number(sentences) - 1.0) / number(sentences));
}

// Returns nu at the level 1 - `probability` for the variances `of_seeds` (with n - 1 degrees) and `of_sentences` (with
// N - 1) of a mean.
double degrees_of(double probability, double of_seeds, double of_sentences, double seed_degrees,
                  double sentence_degrees) {
  const double total = of_seeds + of_sentences;
  if (!(total > 0.0)) return seed_degrees;
  const double satterthwaite =
      total * total / (of_seeds * of_seeds / seed_degrees + of_sentences * of_sentences / sentence_degrees);
  const double weighted = (of_seeds * student_t_quantile(probability, seed_degrees) +
                           of_sentences * student_t_quantile(probability, sentence_degrees)) /
                          total;
  const double quantile =
      towards_weighted * weighted + (1.0 - towards_weighted) * student_t_quantile(probability, satterthwaite);
  const auto [low, high] = std::minmax({seed_degrees, sentence_degrees, satterthwaite});
  return student_t_degrees(probability, quantile, low, high);
}

// What a number of seeds should achieve.
struct Aim {
  double difference;
  double probability;  // 1 - alpha / 2
  double power;
};

// Returns the power of n seeds, if the differences of the seeds have variance `seed_variance`.
double power(const Aim& aim, Index seeds, double seed_variance, double of_sentences, double sentence_degrees) {
  const double of_seeds = seed_variance / static_cast<double>(seeds);
  const double error = std::sqrt(of_seeds + of_sentences);
  if (error == 0.0) return 1.0;
  const double degrees =
      degrees_of(aim.probability, of_seeds, of_sentences, static_cast<double>(seeds) - 1.0, sentence_degrees);
  return student_t_power(aim.difference / error, degrees, student_t_quantile(aim.probability, degrees));
}

Index fewest_seeds(const Aim& aim, double seed_variance, double of_sentences, double sentence_degrees) {
  const auto enough = [&](Index seeds) {
    return power(aim, seeds, seed_variance, of_sentences, sentence_degrees) >= aim.power;
  };
  Index low = 1;
  Index high = 2;
  while (high < SeedsNeeded::most && !enough(high)) {
    low = high;
    high = std::min(SeedsNeeded::most, 2 * high);
  }
  while (high - low > 1) {
    const Index middle = (low + high) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

MethodClaim method_claim(std::span<const double> differences, std::span<const std::vector<double>> left_out) {
  check(differences.size() >= 2 && left_out.size() == differences.size(),
        "method_claim: at least two seeds, each paired");
  for (const std::vector<double>& each : left_out) {
    check(each.size() == left_out[0].size() && each.size() >= 2,
          "method_claim: at least two sentences, the same for all");
  }
  MethodClaim claim;
  claim.seeds = static_cast<Index>(differences.size());
  claim.sentences = static_cast<Index>(left_out[0].size());
  claim.difference = mean(differences);
  const double seed_variance = covariance(differences, differences);
  const double of_seeds = seed_variance / number(differences.size());
  const double of_sentences = shared_variance(left_out);
  claim.seed_deviation = std::sqrt(seed_variance);
  claim.sentence_deviation = std::sqrt(of_sentences);
  claim.degrees = degrees_of(upper, of_seeds, of_sentences, number(differences.size()) - 1.0,
                             number(left_out[0].size()) - 1.0);

  const double error = std::sqrt(of_seeds + of_sentences);
  const double reach = student_t_quantile(upper, claim.degrees) * error;
  claim.low = claim.difference - reach;
  claim.high = claim.difference + reach;
  if (claim.difference != 0.0) {
    claim.p_value = error > 0.0 ? student_t_two_sided_p(claim.difference / error, claim.degrees) : 0.0;
  }
  return claim;
}

SeedsNeeded seeds_needed(const MethodClaim& claim, double difference, double alpha, double power) {
  check(difference > 0.0, "seeds_needed: the difference to see is positive");
  const double seed_variance = claim.seed_deviation * claim.seed_deviation;
  const double of_sentences = claim.sentence_deviation * claim.sentence_deviation;
  const auto sentence_degrees = static_cast<double>(claim.sentences) - 1.0;
  const auto seed_degrees = static_cast<double>(claim.seeds) - 1.0;
  SeedsNeeded needed;

  const Aim aim{difference, 1.0 - 0.5 * alpha, power};
  const double critical = student_t_quantile(aim.probability, sentence_degrees);
  const double limit = of_sentences > 0.0
                           ? student_t_power(difference / claim.sentence_deviation, sentence_degrees, critical)
                           : 1.0;
  if (limit < power) {
    needed.low = needed.high = SeedsNeeded::most;
    needed.more_sentences = true;
    const double reach =
        (critical + student_t_quantile(power, sentence_degrees)) * claim.sentence_deviation / difference;
    needed.sentences = static_cast<Index>(std::ceil(static_cast<double>(claim.sentences) * reach * reach));
    return needed;
  }
  const double tail = 0.5 * (1.0 - range_confidence);
  const double smallest = seed_variance * seed_degrees / chi_squared_quantile(1.0 - tail, seed_degrees);
  const double largest = seed_variance * seed_degrees / chi_squared_quantile(tail, seed_degrees);
  needed.low = fewest_seeds(aim, smallest, of_sentences, sentence_degrees);
  needed.high = fewest_seeds(aim, largest, of_sentences, sentence_degrees);
  return needed;
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, std::min(1.0, p_values[order[rank]] * number(order.size() - rank)));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

Pairing pairing(std::span<const double> first, std::span<const double> second) {
  check(first.size() == second.size() && first.size() >= 2, "pairing: at least two seeds, each paired");
  const double one = covariance(first, first);
  const double two = covariance(second, second);
  const double both = covariance(first, second);
  Pairing out;
  if (first.size() == 2) {
    out.correlation = std::numeric_limits<double>::quiet_NaN();
  } else if (one > 0.0 && two > 0.0)
    out.correlation = std::clamp(both / std::sqrt(one * two), -1.0, 1.0);
  if (one + two > 0.0) out.variance_ratio = std::max(0.0, one + two - 2.0 * both) / (one + two);
  return out;
}

}  // namespace regard::evaluation
