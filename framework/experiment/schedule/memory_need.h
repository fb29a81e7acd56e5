#pragma once
// Checks whether a training fits into memory, before it allocates any.
#include <string>
#include <vector>

#include "framework/base/memory.h"
#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"
#include "framework/experiment/schedule/pool.h"

namespace regard::experiment {

// Returns the least memory of a training in bytes: parameters, gradients, and the state of optimiser and averages.
// Batches need more.
[[nodiscard]] double least_training_bytes(const System& system, Index parameters);

// The largest batch of a training's first epoch, without padding; of a corpus larger than a window of the shuffle,
// a batch of sentences of mean length.
struct BatchTokens {
  Index source = 0;
  Index target = 0;
};
[[nodiscard]] BatchTokens largest_batch(const System& system, const Corpora& corpora, Index seed);

// Bytes that the values of such a batch take at least, which backward needs: embeddings, of each recurrent layer the
// gates and states, and the output layer's input with its gradient.
[[nodiscard]] double least_batch_bytes(const System& system, const BatchTokens& batch);

// Bytes that a training of the system takes at least.
[[nodiscard]] double least_run_bytes(const Plan& plan, const System& system, const Corpora& corpora);

// Why a training of the system needs more than `usable`, with the key and its place; "" where it may fit:
//   "p.yaml:4:9: model.hidden: 65536 gives system 'dot' 17180000000 parameters, whose training takes 274.9 GB at
//   least, and this process may take 12.3 GB (free memory); choose a smaller one"
//   "p.yaml:9:20: training.batch: system 'dot' takes 1.1 GB and its largest batch (51000 source and 49000 target
//   tokens) 20.0 GB more at least, and this process may take 12.3 GB (free memory); choose a smaller one"
[[nodiscard]] std::string too_little_memory(const Plan& plan, const System& system, const Corpora& corpora,
                                            const UsableMemory& usable = usable_memory());

// Of `jobs` runs at a time so many as fit together, one at least; `run_bytes` are those of each run to do.
[[nodiscard]] Index jobs_that_fit(std::vector<double> run_bytes, Index jobs, const UsableMemory& shared);

// ConfigError where a training of these runs needs more memory than there is, or the runs that --jobs has at a time do
// together. Returns the runs at a time for the pool: without --jobs as many as fit.
[[nodiscard]] Index require_memory(const Plan& plan, const Corpora& corpora, const RunRequest& request,
                                   const std::vector<RunName>& runs);

}  // namespace regard::experiment
