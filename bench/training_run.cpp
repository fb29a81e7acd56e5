#include "bench/training_run.h"

#include <algorithm>
#include <fstream>
#include <string>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "bench/peak.h"
#include "framework/training/trainer.h"

namespace regard::bench {
namespace {

constexpr Index kNever = Index{1} << 40;  // more updates or epochs than any training has

}  // namespace

std::vector<TimedStep> timed_steps(models::Seq2Seq& model, const data::Dataset& train,
                                   const training::TrainingOptions& options, Index steps, std::uint64_t seed) {
  training::TrainingOptions limited = options;
  limited.max_updates = steps;
  limited.epochs = kNever;
  limited.validate_every = kNever;

  std::vector<Tokens> tokens;
  for (Index epoch = 0; static_cast<Index>(tokens.size()) < steps; ++epoch) {
    const data::BatchOrder order = data::training_order(train, options.batch, seed, epoch);
    for (Index b = 0; b < order.size(); ++b) {
      Tokens& batch = tokens.emplace_back();
      for (const Index sentence : order[b]) {
        ++batch.sentences;
        batch.source += train.source.length(sentence) + 1;
        batch.target += train.target.length(sentence) + 1;
      }
    }
  }

  std::vector<TimedStep> timed;
  double last = 0, loss = 0;
  training::Hooks hooks;
  hooks.validate = [](const models::Seq2Seq&) { return training::Validation{}; };
  hooks.progress = [&](const training::Progress& progress) {
    const double now = seconds();
    const double total = progress.loss * static_cast<double>(progress.tokens);
    const Tokens& batch = tokens[static_cast<std::size_t>(progress.update - 1)];
    timed.push_back({now - last, batch, (total - loss) / static_cast<double>(batch.target)});
    loss = total;
    last = seconds();
  };
  training::Trainer trainer(model, train, limited, seed, {}, std::move(hooks));
  last = seconds();
  trainer.run();
  return timed;
}

double median(std::vector<double> values) {
  check(!values.empty(), "the median of no values");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Speed speed_of(const std::vector<TimedStep>& steps, Index warm_up, const models::ModelOptions& options,
               Index target_vocabulary) {
  std::vector<double> tokens, gflops;
  for (auto step = steps.begin() + warm_up; step != steps.end(); ++step) {
    tokens.push_back(static_cast<double>(step->tokens.target) / step->seconds);
    gflops.push_back(necessary_flops(options, target_vocabulary, step->tokens) / step->seconds * 1e-9);
  }
  return {median(std::move(tokens)), median(std::move(gflops))};
}

void forget_peak_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);  // returns the memory that earlier cases freed
#endif
  std::ofstream("/proc/self/clear_refs") << '5';
}

double peak_memory_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;  // units of 1024 bytes
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1.024e-3;
  }
  return 0;
}

}  // namespace regard::bench
