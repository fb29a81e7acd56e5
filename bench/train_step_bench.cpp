// Times training steps of the whole model as in `regard run`: data order, forward, backward, clipping and Adam.
// Before a case is timed, the loss and the gradients of its first batch are compared with those in double.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "bench/peak.h"
#include "bench/training_run.h"
#include "bench/workload.h"
#include "framework/training/gradients.h"

namespace regard::bench {
namespace {

constexpr Index kWarmUp = 3;
constexpr Index kSteps = 16;
constexpr std::uint64_t kSeed = 1;

struct Evidence {
  double loss = 0;           // of the first batch, without dropout
  double gradient_norm = 0;  // of all parameters
};

Evidence first_batch(models::Seq2Seq& model, const Workload& work) {
  const data::BatchOrder order = data::training_order(work.train, training_options().batch, kSeed, 0);
  data::Batch batch;
  data::fill(work.train, order[0], batch);
  Tape tape(model.arithmetic());
  model.params().begin_update();
  const Var loss = model.loss(nn::Pass{tape}, batch);
  tape.backward(loss);
  model.params().finish_backward(tape);
  return {loss.value().at(0), training::GradientNorm(model.params())()};
}

bool near(double x, double exact, double relative) { return std::abs(x - exact) <= relative * std::abs(exact); }

// For sums of some thousand terms, whose errors mostly cancel.
double allowed(models::Precision precision) {
  if (precision == models::Precision::bfloat16) return 1e-2;
  return precision == models::Precision::bfloat16x3 ? 2e-4 : 1e-4;
}

bool is_right(const models::ModelOptions& options, const Workload& work) {
  Evidence exact, ours;
  {
    models::Seq2Seq model(options, work.source_vocabulary, work.target_vocabulary, kSeed, DType::f64);
    exact = first_batch(model, work);
  }
  {
    models::Seq2Seq model(options, work.source_vocabulary, work.target_vocabulary, kSeed);
    ours = first_batch(model, work);
  }
  const double relative = allowed(options.precision);
  return near(ours.loss, exact.loss, relative) && near(ours.gradient_norm, exact.gradient_norm, relative);
}

void train_step(benchmark::State& state, const System& system, models::Precision precision) {
  const Workload& work = workload();
  const models::ModelOptions options = model_options(system, precision);
  if (!is_right(options, work)) return state.SkipWithError("the result is wrong");
  forget_peak_memory();
  models::Seq2Seq model(options, work.source_vocabulary, work.target_vocabulary, kSeed);
  std::vector<TimedStep> steps;
  for ([[maybe_unused]] auto _ : state) {
    steps = timed_steps(model, work.train, training_options(), kWarmUp + kSteps, kSeed);
    double sum = 0;
    for (std::size_t i = kWarmUp; i < steps.size(); ++i) sum += steps[i].seconds;
    state.SetIterationTime(sum / static_cast<double>(kSteps));
  }
  const double memory = peak_memory_mb();
  const Speed speed = speed_of(steps, kWarmUp, options, work.target_vocabulary);
  state.counters["target tokens/s"] = speed.tokens_per_second;
  state.counters["GFLOP/s"] = speed.gflops_per_second;
  state.counters["% of float32 peak"] = 100 * speed.gflops_per_second / float32_peak();
  state.counters["peak MB"] = memory;
}

const bool registered = [] {
  for (const System& system : systems()) {
    for (const char* name : {"float32", "bfloat16x3", "bfloat16"}) {
      const models::Precision precision = precision_named(name);
      if (models::why_not(precision)) continue;
      benchmark::RegisterBenchmark(("train_step/" + system.name() + "/" + name).c_str(),
                                   [=](benchmark::State& state) { train_step(state, system, precision); })
          ->UseManualTime()
          ->Iterations(1)
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace regard::bench
