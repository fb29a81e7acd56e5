// Times a training step with one size doubled (general, float32; base: hidden 512, vocabulary 8000, 64 sentences
// of 13 words). "of FLOPs" is GFLOP/s divided by that of the base: 1 if the time grows as the operations do.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/training_run.h"
#include "bench/workload.h"

namespace regard::bench {
namespace {

struct Size {
  const char* name;
  Index hidden = 512;
  Index vocabulary = 8000;
  Index sentences = 64;
  Index length = 13;
};

constexpr Index kWarmUp = 3;
constexpr Index kSteps = 9;

double base_rate = 0;  // GFLOP/s of the first case

void growth(benchmark::State& state, const Size& size) {
  models::ModelOptions options = model_options({"general", false});
  options.hidden = size.hidden;
  const data::Dataset train = random_sentences(2048, size.length, size.vocabulary, size.vocabulary, 1);
  training::TrainingOptions training = training_options();
  training.batch.sentences = size.sentences;
  forget_peak_memory();
  models::Seq2Seq model(options, size.vocabulary, size.vocabulary, 1);
  std::vector<TimedStep> steps;
  for ([[maybe_unused]] auto _ : state) {
    steps = timed_steps(model, train, training, kWarmUp + kSteps, 1);
    state.SetIterationTime(steps.back().seconds);
  }
  state.counters["peak MB"] = peak_memory_mb();
  if (!(steps.back().loss < steps.front().loss)) return state.SkipWithError("the result is wrong");
  const Speed speed = speed_of(steps, kWarmUp, options, size.vocabulary);
  const Tokens& tokens = steps.front().tokens;
  state.counters["target tokens/s"] = speed.tokens_per_second;
  state.counters["MFLOP a token"] =
      necessary_flops(options, size.vocabulary, tokens) / static_cast<double>(tokens.target) * 1e-6;
  state.counters["GFLOP/s"] = speed.gflops_per_second;
  if (base_rate == 0) base_rate = speed.gflops_per_second;
  state.counters["of FLOPs"] = speed.gflops_per_second / base_rate;
}

const bool registered = [] {
  for (const Size& size :
       {Size{.name = "base"}, Size{.name = "hidden 1024", .hidden = 1024},
        Size{.name = "vocabulary 16000", .vocabulary = 16000}, Size{.name = "128 sentences", .sentences = 128},
        Size{.name = "26 words", .length = 26}}) {
    benchmark::RegisterBenchmark((std::string("growth/") + size.name).c_str(),
                                 [=](benchmark::State& state) { growth(state, size); })
        ->UseManualTime()
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
}  // namespace regard::bench
