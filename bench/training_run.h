#pragma once
// A training of a few steps with every step timed: what the training-step benchmark and the program that runs
// beside the peers share.
#include <vector>

#include "bench/workload.h"

namespace regard::bench {

struct TimedStep {
  double seconds = 0;  // filling the batch, forward, backward, clipping, the optimiser
  Tokens tokens;
  double loss = 0;  // nats a target token, with dropout if the model has any
};

// The first `steps` steps of a training of the model, with the trainer that `regard run` uses. Data order and
// dropout depend on the seed alone.
[[nodiscard]] std::vector<TimedStep> timed_steps(models::Seq2Seq& model, const data::Dataset& train,
                                                 const training::TrainingOptions& options, Index steps,
                                                 std::uint64_t seed);

struct Speed {
  double tokens_per_second = 0;  // target tokens; the median over the steps
  double gflops_per_second = 0;  // necessary operations; the median over the steps
};
// Of the steps after the first `warm_up`.
[[nodiscard]] Speed speed_of(const std::vector<TimedStep>& steps, Index warm_up,
                             const models::ModelOptions& options, Index target_vocabulary);

[[nodiscard]] double median(std::vector<double> values);

// The most memory this process had at one time since the last call, in MB (10^6 bytes); 0 where the system does
// not say.
void forget_peak_memory();
[[nodiscard]] double peak_memory_mb();

}  // namespace regard::bench
