// Times BLEU of 100,000 lines, and the comparison of 12 systems of 3 seeds on 1000 sentences with 1000 resamples.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "framework/base/random.h"
#include "framework/evaluation/bleu.h"
#include "framework/evaluation/comparison.h"

namespace regard::bench {
namespace {

using evaluation::Lines;

std::string line_of(const Key& key) {
  std::string line;
  const Index words = 6 + key.below(16, 0);
  for (Index i = 0; i < words; ++i) {
    line += (i == 0 ? "w" : " w") + std::to_string(static_cast<Index>(std::exp(7 * key.uniform(i + 1))));
  }
  return line + " .";
}

Lines lines_of(Index count) {
  Lines lines;
  for (Index i = 0; i < count; ++i) lines.push_back(line_of(Key(1, "lines").with(i)));
  return lines;
}

// Returns the lines with every `every`-th one replaced by the next line, from line `shift` on.
Lines spoiled(const Lines& lines, std::size_t every, std::size_t shift) {
  Lines other = lines;
  for (std::size_t i = shift; i < other.size(); i += every) other[i] = lines[(i + 1) % lines.size()];
  return other;
}

void bleu(benchmark::State& state) {
  const Lines references = lines_of(100000);
  const Lines hypotheses = spoiled(references, 2, 0);
  const double same = evaluation::corpus_bleu(references, {references}).score;
  if (std::abs(same - 100) > 1e-9) return state.SkipWithError("the result is wrong");
  double score = 0;
  for ([[maybe_unused]] auto _ : state) score = evaluation::corpus_bleu(hypotheses, {references}).score;
  state.counters["BLEU"] = score;
}
BENCHMARK(bleu)->Name("score/BLEU of 100000 lines")->UseRealTime()->Unit(benchmark::kMillisecond);

void comparison(benchmark::State& state) {
  constexpr std::size_t kSystems = 12, kSeeds = 3;
  const Lines references = lines_of(1000);
  const evaluation::Bleu metric;
  std::vector<evaluation::Statistics> all;
  for (std::size_t run = 0; run < kSystems * kSeeds; ++run) {
    all.push_back(metric.statistics(spoiled(references, 3 + run / kSeeds, run % kSeeds), {references}));
  }
  std::vector<evaluation::Runs> systems(kSystems);
  for (std::size_t run = 0; run < all.size(); ++run) systems[run / kSeeds].push_back(&all[run]);
  const auto others = std::span(systems).subspan(1);
  std::vector<evaluation::Comparison> compared;
  for ([[maybe_unused]] auto _ : state)
    compared = evaluation::compare(metric, systems[0], others, {.samples = 1000});
  for (const auto& one : compared) {
    if (!(one.models.low <= one.models.difference && one.models.difference <= one.models.high)) {
      return state.SkipWithError("the result is wrong");
    }
  }
}
BENCHMARK(comparison)
    ->Name("score/12 systems x 3 seeds x 1000 sentences x 1000 resamples")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace regard::bench
