#include "framework/report/analysis/tuning_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/random.h"

namespace regard::report {
namespace {

constexpr Index kResamples = 1000;

// Of sorted values.
double expected_of_sorted(const std::vector<double>& sorted, Index n) {
  const auto count = static_cast<double>(sorted.size());
  double expected = 0;
  double below = 0;  // probability that all n draws are below the value
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double up_to = std::pow(static_cast<double>(i + 1) / count, static_cast<double>(n));
    expected += sorted[i] * (up_to - below);
    below = up_to;
  }
  return expected;
}

// Returns the value at a share of sorted numbers.
double quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto lower = static_cast<std::size_t>(at);
  const std::size_t upper = std::min(lower + 1, sorted.size() - 1);
  return sorted[lower] + (at - static_cast<double>(lower)) * (sorted[upper] - sorted[lower]);
}

}  // namespace

double expected_best(const std::vector<double>& values, Index n) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  return expected_of_sorted(sorted, n);
}

std::vector<TuningCurve> tuning_curves(const runs::Tuning& tuning) {
  const double sign = tuning.metric == "loss" ? -1 : 1;  // inside, larger is better
  std::vector<TuningCurve> curves;
  for (const runs::TunedSystem& system : tuning.systems) {
    TuningCurve& curve = curves.emplace_back();
    curve.system = system.name;
    std::vector<double> values;
    for (const runs::TunedPoint& point : system.points) {
      curve.ended += point.epochs > 0 ? 1 : 0;
      if (std::isfinite(point.mean)) values.push_back(sign * point.mean);
    }
    curve.failed = static_cast<Index>(system.points.size() - values.size());
    if (values.empty()) continue;
    values.resize(system.points.size(), *std::min_element(values.begin(), values.end()));
    std::sort(values.begin(), values.end());
    std::vector<std::vector<double>> resamples;
    for (Index r = 0; r < kResamples; ++r) {
      const Key key = Key(1, "tuning").with(static_cast<std::uint64_t>(r));
      std::vector<double>& drawn = resamples.emplace_back();
      for (std::size_t i = 0; i < values.size(); ++i) {
        const Index at = key.below(static_cast<Index>(values.size()), static_cast<Index>(i));
        drawn.push_back(values[static_cast<std::size_t>(at)]);
      }
      std::sort(drawn.begin(), drawn.end());
    }
    for (Index n = 1; n <= static_cast<Index>(values.size()); ++n) {
      std::vector<double> ends;
      for (const std::vector<double>& drawn : resamples) ends.push_back(sign * expected_of_sorted(drawn, n));
      std::sort(ends.begin(), ends.end());
      curve.points.push_back(
          {n, sign * expected_of_sorted(values, n), quantile(ends, 0.025), quantile(ends, 0.975)});
    }
  }
  return curves;
}

}  // namespace regard::report
