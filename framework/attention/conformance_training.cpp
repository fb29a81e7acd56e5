// The checks of what a variant does only in training: random numbers, and losses of its own.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/attention/conformance_parts.h"

namespace regard::attention {
namespace {

constexpr Index kKeys = 256;       // in each half of the check of means
constexpr double kDeviations = 6;  // by which the means of two halves may differ
constexpr double kLittle = 1e-9;   // added to a deviation, to avoid a division by zero

// The mean and the variance of each weight over the keys of updates first … first + kKeys - 1.
struct Moments {
  std::vector<double> mean, variance;
};
Moments moments_of(Trial& trial, const Inputs& inputs, Index first) {
  Moments m;
  for (Index k = 0; k < kKeys; ++k) {
    const Outputs out = trial(inputs, {.gradients = false, .update = first + k});
    const std::vector<double>& weights = out.part("weights").values;
    m.mean.resize(weights.size());
    m.variance.resize(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      m.mean[i] += weights[i] / static_cast<double>(kKeys);
      m.variance[i] += weights[i] * weights[i] / static_cast<double>(kKeys);
    }
  }
  for (std::size_t i = 0; i < m.mean.size(); ++i) m.variance[i] -= m.mean[i] * m.mean[i];
  return m;
}

}  // namespace

Check check_keys(const Subject& subject) {
  Trial trial = subject.trial(DType::f64);
  const Inputs inputs = trial.inputs({5, 2, 3}, 3);
  const Outputs first = trial(inputs);
  if (!same_bytes(first, trial(inputs))) {
    return failed(
        "keys", "",
        "two runs with the same key differ: take random numbers from the query (query.uniform), not from a "
        "generator");
  }
  const Outputs other = trial(inputs, {.update = 1});
  if (!subject.variant.stochastic) {
    if (same_bytes(first, other)) return passed("keys", "no random numbers");
    const Difference d = difference(first, other, 0);
    return failed(
        "keys", "",
        fmt::format("the {} is {:.6g}, and {:.6g} with another key: a variant that takes random numbers says "
                    "`.stochastic = true`",
                    d.where, d.a, d.b));
  }
  if (same_bytes(first, other)) {
    return failed("keys", "",
                  "another key gives the same bytes: a variant that takes no random numbers does not say "
                  "`.stochastic = true`");
  }
  const Moments a = moments_of(trial, inputs, 0);
  const Moments b = moments_of(trial, inputs, kKeys);
  double worst = 0;
  for (std::size_t i = 0; i < a.mean.size(); ++i) {
    const double deviation = std::sqrt((a.variance[i] + b.variance[i]) / static_cast<double>(kKeys));
    const double away = std::abs(a.mean[i] - b.mean[i]) / (deviation + kLittle);
    worst = std::max(worst, away);
    if (away <= kDeviations) continue;
    const Shape& shape = first.part("weights").shape;
    return failed("keys", "",
                  fmt::format("the mean of weights {} is {:.6g} over {} keys and {:.6g} over {} others, {:.1f} "
                              "deviations apart: numbers of different updates must not depend on each other",
                              place(shape, static_cast<Index>(i)), a.mean[i], kKeys, b.mean[i], kKeys, away));
  }
  return passed("keys", fmt::format("means of 2 x {} keys {:.1f} deviations apart", kKeys, worst));
}

Check check_losses(const Subject& subject) {
  if (subject.variant.losses.empty()) return skipped("losses", "the variant has no loss of its own");
  Trial trial = subject.trial(DType::f64);
  constexpr Index T = 4;
  const Inputs inputs = trial.inputs({5, 2, 3}, T);
  Inputs planted = inputs;
  const Index query = subject.sizes.query;
  for (std::size_t i = 0; i < planted.h.size(); ++i) {
    if (static_cast<Index>(i) / query % T >= T - 2) planted.h[i] = std::numeric_limits<double>::quiet_NaN();
  }
  const Outputs clean = trial(inputs, {.gradients = false});
  const Outputs found = trial(planted, {.gradients = false});
  for (const OwnLoss& loss : subject.variant.losses) {
    const Outputs::Part& part = clean.part("loss " + loss.name);
    for (Index i = 0; i < part.shape.size(); ++i) {
      const double x = part.values[static_cast<std::size_t>(i)];
      const double y = found.part(part.name).values[static_cast<std::size_t>(i)];
      if (!std::isfinite(x)) {
        return failed("losses", "", fmt::format("the {} {} is {}", part.name, place(part.shape, i), x));
      }
      if (i % T >= T - 2 || std::abs(x - y) <= kEqual64 * std::max(1.0, std::abs(x))) continue;
      return failed(
          "losses", "",
          fmt::format("the {} {} is {:.6g}, and {:.6g} with NaN in the last two queries: a position's loss "
                      "must not depend on later positions, which may be padding",
                      part.name, place(part.shape, i), x, y));
    }
  }
  return passed("losses", fmt::format("NaN planted in {} of {} positions stays there", 2, T));
}

}  // namespace regard::attention
