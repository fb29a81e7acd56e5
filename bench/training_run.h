#pragma once
// Times each step of a short training, for the training-step benchmark and for regard_peer.
#include <vector>

#include "bench/workload.h"

namespace regard::bench {

struct TimedStep {
  double seconds = 0;  // filling the batch, forward, backward, clipping, the optimiser
  Tokens tokens;
  double loss = 0;  // nats a target token, with dropout if the model has any
};

// Does the first `steps` steps of a training of the model, with the trainer of `regard run`. Data order and
// dropout depend only on the seed.
[[nodiscard]] std::vector<TimedStep> timed_steps(models::Seq2Seq& model, const data::Dataset& train,
                                                 const training::TrainingOptions& options, Index steps,
                                                 std::uint64_t seed);

struct Speed {
  double tokens_per_second = 0;  // target tokens; the median over the steps
  double gflops_per_second = 0;  // necessary operations; the median over the steps
};
// Returns the speed of the steps after the first `warm_up`.
[[nodiscard]] Speed speed_of(const std::vector<TimedStep>& steps, Index warm_up,
                             const models::ModelOptions& options, Index target_vocabulary);

[[nodiscard]] double median(std::vector<double> values);

// Returns the peak memory of this process since the last call of forget_peak_memory(), in MB (10^6 bytes); 0 if
// the system does not report it.
void forget_peak_memory();
[[nodiscard]] double peak_memory_mb();

}  // namespace regard::bench
