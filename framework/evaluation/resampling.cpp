#include "framework/evaluation/resampling.h"

#include <algorithm>
#include <cmath>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/evaluation/exact_mean.h"

namespace regard::evaluation {
namespace {

constexpr Index kDrawsABlock =
    1 << 18;  // drawn together: 1 MiB for any size of test set, and few waits of threads

std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }

Index require_same_segments(std::span<const Statistics* const> systems) {
  check(!systems.empty(), "resampling: there is a system");
  const Index segments = systems[0]->segments();
  check(segments > 0, "resampling: there are segments");
  for (const Statistics* system : systems) {
    check(system->segments() == segments && system->width == systems[0]->width,
          "resampling: all systems have the same segments");
  }
  return segments;
}

// Adds the rows with the numbers in `draws`. The width is known at compile time, so that the sums stay in registers.
template <std::size_t width>
void add_rows(const double* rows, std::span<const std::uint32_t> draws, double* sum) noexcept {
  double total[width] = {};
  for (const std::uint32_t draw : draws) {
    const double* row = rows + static_cast<std::size_t>(draw) * width;
    for (std::size_t k = 0; k < width; ++k) total[k] += row[k];
  }
  std::copy_n(total, width, sum);
}

void add_rows(const Statistics& system, std::span<const std::uint32_t> draws, std::span<double> sum) noexcept {
  const double* rows = system.values.data();
  switch (system.width) {
    case 2:
      return add_rows<2>(rows, draws, sum.data());
    case 10:
      return add_rows<10>(rows, draws, sum.data());
    case 18:
      return add_rows<18>(rows, draws, sum.data());
    case 24:
      return add_rows<24>(rows, draws, sum.data());
    default:
      break;
  }
  std::fill(sum.begin(), sum.end(), 0.0);
  for (const std::uint32_t draw : draws) {
    const std::span<const double> row = system.row(draw);
    for (std::size_t k = 0; k < row.size(); ++k) sum[k] += row[k];
  }
}

double p_value(Index beyond, Index samples) noexcept {
  return static_cast<double>(beyond + 1) / static_cast<double>(samples + 1);
}

// Returns |difference| of the two pseudo systems in each trial. `bits` has one bit for each segment of each trial.
std::vector<double> randomised_differences(const Metric& metric, const Statistics& baseline,
                                           const Statistics& system, const std::vector<std::uint32_t>& bits,
                                           Index trials) {
  const Index segments = baseline.segments();
  const auto width = at(baseline.width);
  std::vector<double> differences(at(trials));
  parallel_for(trials, 16, [&](Index begin, Index end) {
    std::vector<double> sums(2 * width);
    for (Index trial = begin; trial < end; ++trial) {
      std::fill(sums.begin(), sums.end(), 0.0);
      for (Index i = 0; i < segments; ++i) {
        const std::size_t bit = at(trial * segments + i);
        const bool stays = ((bits[bit / 32] >> (bit % 32)) & 1U) != 0;
        const double* first = baseline.values.data() + at(i) * width;
        const double* second = system.values.data() + at(i) * width;
        if (!stays) std::swap(first, second);
        for (std::size_t k = 0; k < width; ++k) {
          sums[k] += first[k];
          sums[width + k] += second[k];
        }
      }
      differences[at(trial)] =
          std::abs(metric.score(std::span(sums).first(width)) - metric.score(std::span(sums).last(width)));
    }
  });
  return differences;
}

}  // namespace

std::vector<std::vector<double>> bootstrap_scores(const Metric& metric, std::span<const Statistics* const> systems,
                                                  Index samples, NumpyRandom& random) {
  const Index segments = require_same_segments(systems);
  const auto count = static_cast<Index>(systems.size());
  std::vector<std::vector<double>> scores(systems.size(), std::vector<double>(at(samples)));
  std::vector<std::uint32_t> draws;
  const Index samples_a_block = std::max<Index>(1, kDrawsABlock / segments);
  for (Index first = 0; first < samples; first += samples_a_block) {
    const Index block = std::min(samples_a_block, samples - first);
    draws.resize(at(block * segments));
    for (std::uint32_t& draw : draws) draw = random.below(static_cast<std::uint64_t>(segments));
    parallel_for(block * count, 4, [&](Index begin, Index end) {
      std::vector<double> sum(at(systems[0]->width));
      for (Index task = begin; task < end; ++task) {
        const Index system = task / block;  // neighbouring tasks use the same system, whose rows stay in the cache
        const Index sample = task % block;
        add_rows(*systems[at(system)], std::span(draws).subspan(at(sample * segments), at(segments)), sum);
        scores[at(system)][at(first + sample)] = metric.score(sum);
      }
    });
  }
  return scores;
}

std::vector<std::vector<double>> bootstrap_scores(const Metric& metric, std::span<const Statistics* const> systems,
                                                  Index samples, Seed seed) {
  NumpyRandom random(seed);
  return bootstrap_scores(metric, systems, samples, random);
}

Confidence confidence_of(std::vector<double> scores) {
  check(!scores.empty(), "confidence_of: there are scores");
  std::sort(scores.begin(), scores.end());
  const std::size_t cut = scores.size() / 40;
  return {exact_mean(scores), 0.5 * (scores[scores.size() - cut - 1] - scores[cut])};
}

Confidence bootstrap_confidence(const Metric& metric, const Statistics& system, Index samples, Seed seed) {
  const Statistics* const one[] = {&system};
  return confidence_of(std::move(bootstrap_scores(metric, one, samples, seed)[0]));
}

PairedP paired_p_value(std::span<const double> system, std::span<const double> baseline, double difference) {
  std::vector<double> differences(system.size());
  for (std::size_t i = 0; i < differences.size(); ++i) differences[i] = std::abs(system[i] - baseline[i]);
  const double mean = exact_mean(differences);
  const auto beyond = std::count_if(differences.begin(), differences.end(),
                                    [&](double d) { return d - mean > std::abs(difference); });
  return {p_value(beyond, static_cast<Index>(differences.size())),
          std::all_of(differences.begin(), differences.end(), [](double d) { return d == 0.0; })};
}

std::vector<PairedResult> paired_bootstrap(const Metric& metric, std::span<const Statistics* const> systems,
                                           Index samples, Seed seed) {
  const std::vector<std::vector<double>> scores = bootstrap_scores(metric, systems, samples, seed);
  std::vector<PairedResult> results(systems.size());
  for (std::size_t s = 0; s < systems.size(); ++s) {
    results[s].score = metric.score(systems[s]->sum());
    results[s].confidence = confidence_of(scores[s]);
    if (s == 0) continue;
    const PairedP paired = paired_p_value(scores[s], scores[0], results[s].score - results[0].score);
    results[s].never_differs = paired.never_differs;
    results[s].p_value = paired.p_value;
  }
  return results;
}

std::vector<PairedResult> paired_randomisation(const Metric& metric, std::span<const Statistics* const> systems,
                                               Index trials, Seed seed, Index confidence_samples) {
  const Index segments = require_same_segments(systems);
  NumpyRandom random(seed);
  std::vector<std::uint32_t> bits(at((trials * segments + 31) / 32));
  for (std::uint32_t& word : bits)
    word = random.next32();  // coins of all segments of all trials, lowest bit first

  std::vector<PairedResult> results(systems.size());
  for (std::size_t s = 0; s < systems.size(); ++s) {
    results[s].score = metric.score(systems[s]->sum());
    if (s == 0) continue;
    const double delta = std::abs(results[0].score - results[s].score);
    const std::vector<double> differences = randomised_differences(metric, *systems[0], *systems[s], bits, trials);
    results[s].p_value = p_value(
        std::count_if(differences.begin(), differences.end(), [&](double t) { return t > delta; }), trials);
  }
  if (confidence_samples > 0) {  // sacreBLEU draws the baseline's from the seed, the systems' after the coins
    results[0].confidence = bootstrap_confidence(metric, *systems[0], confidence_samples, seed);
    const auto scores = bootstrap_scores(metric, systems, confidence_samples, random);
    for (std::size_t s = 1; s < systems.size(); ++s) results[s].confidence = confidence_of(scores[s]);
  }
  return results;
}

}  // namespace regard::evaluation
