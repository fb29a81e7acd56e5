// Times the work from the start of `regard run` to the end of the first training step. The data are prepared
// twice, an upper bound: the process of a run opens the text that its parent prepared.
#include <benchmark/benchmark.h>

#include "bench/training_run.h"
#include "bench/workload.h"

namespace regard::bench {
namespace {

void prepare(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) {
    const Workload work = make_workload();
    if (work.train.size() < 10000) return state.SkipWithError("the result is wrong");
  }
}
BENCHMARK(prepare)->Name("start/read and prepare the data")->UseRealTime()->Unit(benchmark::kMillisecond);

void first_step(benchmark::State& state) {
  const System system{"general", false};
  for ([[maybe_unused]] auto _ : state) {
    static_cast<void>(make_workload());
    const Workload work = make_workload();
    models::Seq2Seq model(model_options(system), work.source_vocabulary, work.target_vocabulary, 1);
    const auto steps = timed_steps(model, work.train, training_options(), 1, 1);
    if (steps.size() != 1) return state.SkipWithError("the result is wrong");
  }
}
BENCHMARK(first_step)->Name("start/to the end of the first step")->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace regard::bench
