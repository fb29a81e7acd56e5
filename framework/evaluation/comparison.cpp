#include "framework/evaluation/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/evaluation/run_scores.h"

namespace regard::evaluation {
namespace {

std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }

void require_paired(const Runs& baseline, std::span<const Runs> systems) {
  if (baseline.empty()) throw DataError("comparison: the baseline has no finished seed; at least one is needed");
  for (std::size_t s = 0; s < systems.size(); ++s) {
    if (systems[s].size() == baseline.size()) continue;
    throw DataError(
        fmt::format("comparison: system {} has {} seeds, but the baseline has {}; give both the same seeds", s + 1,
                    systems[s].size(), baseline.size()));
  }
}

// Returns "= 0.031", "< 0.001"; "≤ 0.002" for the smallest p that the number of resamples allows.
std::string p_text(double p, double smallest = 0.0) {
  if (p <= smallest) return fmt::format("≤ {:.3f}", p);
  return p < 0.001 ? "< 0.001" : fmt::format("= {:.{}f}", p, p < 0.1 ? 3 : 2);
}

// Returns the claim's own p, to which the interval belongs, and Holm's p if it is different (with several systems).
std::string p_values_text(const Comparison& comparison) {
  if (!comparison.method) return "p " + p_text(comparison.models.p_value, comparison.models.smallest_p);
  const std::string own = p_text(comparison.method->p_value);
  const std::string holm = p_text(*comparison.holm_p_value);
  return own == holm ? "p " + own : fmt::format("p {}, Holm's p {}", own, holm);
}

std::string seeds_text(const SeedsNeeded& needed, double difference) {
  const std::string target = fmt::format("for a difference of {:g} (alpha 0.05, power 0.8)", difference);
  if (needed.more_sentences) {
    return fmt::format("no number of seeds would be enough {}; at least {} sentences are needed", target,
                       needed.sentences);
  }
  const auto text = [](Index seeds) {
    return seeds >= SeedsNeeded::most ? fmt::format("more than {}", SeedsNeeded::most) : fmt::format("{}", seeds);
  };
  if (needed.low == needed.high) return fmt::format("{} seeds would be needed {}", text(needed.low), target);
  return fmt::format("between {} and {} seeds would be needed {}", text(needed.low), text(needed.high), target);
}

}  // namespace

Interval percentile_interval(std::vector<double> values) {
  check(!values.empty(), "percentile_interval: there are values");
  std::sort(values.begin(), values.end());
  const std::size_t cut = values.size() / 40;
  return {values[cut], values[values.size() - cut - 1]};
}

std::vector<double> leave_one_out(const Metric& metric, const Statistics& statistics) {
  const std::vector<double> sum = statistics.sum();
  std::vector<double> scores(at(statistics.segments()));
  parallel_for(statistics.segments(), 256, [&](Index begin, Index end) {
    std::vector<double> rest(sum.size());
    for (Index i = begin; i < end; ++i) {
      const std::span<const double> row = statistics.row(i);
      for (std::size_t k = 0; k < rest.size(); ++k) rest[k] = sum[k] - row[k];
      scores[at(i)] = metric.score(rest);
    }
  });
  return scores;
}

std::vector<Comparison> compare(const Metric& metric, const Runs& baseline, std::span<const Runs> systems,
                                const ComparisonOptions& options) {
  require_paired(baseline, systems);
  const std::size_t seeds = baseline.size();
  Runs all = baseline;
  for (const Runs& system : systems) all.insert(all.end(), system.begin(), system.end());
  const RunScores scores(metric, all, options);
  std::vector<std::size_t> positions(all.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  const std::span<const std::size_t> at_all = positions;

  std::vector<Comparison> out;
  std::vector<double> p_values;
  for (std::size_t first = seeds; first < all.size(); first += seeds) {
    out.push_back(scores.compare(at_all.subspan(first, seeds), at_all.first(seeds)));
    if (out.back().method) p_values.push_back(out.back().method->p_value);
  }
  const std::vector<double> corrected = holm(p_values);
  for (std::size_t s = 0; s < corrected.size(); ++s) out[s].holm_p_value = corrected[s];
  return out;
}

std::string in_words(const std::string& system, const std::string& baseline, const std::string& metric,
                     const Comparison& comparison, Index sentences, bool lower_is_better,
                     double difference_of_interest) {
  const bool of_method = comparison.method.has_value();
  const double difference = comparison.models.difference;
  const double low = of_method ? comparison.method->low : comparison.models.low;
  const double high = of_method ? comparison.method->high : comparison.models.high;
  const double p = of_method ? *comparison.holm_p_value : comparison.models.p_value;
  const std::size_t seeds = comparison.scores.size();
  const std::string basis = fmt::format("{} ({} seed{}, {} sentences)", p_values_text(comparison), seeds,
                                        seeds == 1 ? "" : "s", sentences);
  const std::string subject = of_method ? "" : "these models: ";

  if (p < 0.05) {
    const bool better = (difference > 0.0) != lower_is_better;
    const double sign = difference > 0.0 ? 1.0 : -1.0;
    return fmt::format("{}{} {} {} by {:.1f} {} [{:.1f}, {:.1f}], {}", subject, system,
                       better ? "beats" : "is beaten by", baseline, sign * difference, metric,
                       std::min(sign * low, sign * high), std::max(sign * low, sign * high), basis);
  }
  std::string out = fmt::format("{}{} and {} are not distinguishable: {:+.1f} {} [{:.1f}, {:.1f}], {}", subject,
                                system, baseline, difference, metric, low, high, basis);
  if (!of_method) return out;
  if (seeds == 2) return out + "; two seeds are too few to estimate how many would be needed";
  return out + "; " + seeds_text(seeds_needed(*comparison.method, difference_of_interest), difference_of_interest);
}

}  // namespace regard::evaluation
