// Times greedy and beam search over the test set, by system and precision. The model is not trained, so its
// translations end at the length of the source. tools/peers/compare translates with trained models.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/peak.h"
#include "bench/training_run.h"
#include "bench/workload.h"
#include "framework/decoding/search.h"

namespace regard::bench {
namespace {

constexpr Index kChecked = 8;

// Returns whether sentences have the same translation alone and in a batch of 64.
bool is_right(const models::Seq2Seq& model, const std::vector<decoding::Translation>& together,
              decoding::SearchOptions options) {
  const data::Dataset& test = workload().test;
  data::Dataset some;
  for (Index i = 0; i < kChecked; ++i) {
    some.source.add(test.source[i]);
    some.target.add(test.target[i]);
  }
  options.batch_sentences = 1;
  const auto alone = decoding::translate(model, some, options);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    if (alone[i].words.empty() || alone[i].words != together[i].words) return false;
  }
  return true;
}

void translate(benchmark::State& state, const System& system, models::Precision precision, Index beam) {
  const Workload& work = workload();
  forget_peak_memory();
  const models::Seq2Seq model(model_options(system, precision), work.source_vocabulary, work.target_vocabulary, 1);
  const decoding::SearchOptions options{.beam = beam, .max_length_factor = 1, .max_length_extra = 1};
  double best = 1e9;
  std::vector<decoding::Translation> found;
  for ([[maybe_unused]] auto _ : state) {
    const double begin = seconds();
    found = decoding::translate(model, work.test, options);
    best = std::min(best, seconds() - begin);
  }
  state.counters["peak MB"] = peak_memory_mb();
  if (!is_right(model, found, options)) return state.SkipWithError("the result is wrong");
  double words = 0;
  for (const auto& translation : found) words += static_cast<double>(translation.words.size());
  state.counters["sentences/s"] = static_cast<double>(found.size()) / best;
  state.counters["words/s"] = words / best;
}

const bool registered = [] {
  for (const System& system : systems()) {
    for (const char* name : {"float32", "bfloat16x3", "bfloat16"}) {
      const models::Precision precision = precision_named(name);
      if (models::why_not(precision)) continue;
      for (const Index beam : {1, 5}) {
        benchmark::RegisterBenchmark(
            ("decode/" + system.name() + "/" + name + "/beam " + std::to_string(beam)).c_str(),
            [=](benchmark::State& state) { translate(state, system, precision, beam); })
            ->UseRealTime()
            ->Iterations(2)
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace regard::bench
