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

// Returns a lower bound of the bytes for the values of such a batch that the backward pass needs: embeddings, gates and
// states of each recurrent layer, and the output layer's input with its gradient.
[[nodiscard]] double least_batch_bytes(const System& system, const BatchTokens& batch);

// Returns a lower bound of the bytes of one training of the system.
[[nodiscard]] double least_run_bytes(const Plan& plan, const System& system, const Corpora& corpora);

// Returns a message with the key and its place if a training of the system needs more than `usable`, else "":
//   "p.yaml:4:9: model.hidden: 65536 gives system 'dot' 17180000000 parameters, whose training needs at least 274.9 GB,
//   but this process may use 12.3 GB (free memory); choose a smaller width"
//   "p.yaml:9:20: training.batch: system 'dot' takes 1.1 GB and its largest batch (51000 source and 49000 target
//   tokens) 20.0 GB more at least, and this process may take 12.3 GB (free memory); choose a smaller one"
[[nodiscard]] std::string too_little_memory(const Plan& plan, const System& system, const Corpora& corpora,
                                            const UsableMemory& usable = usable_memory());

// Returns how many of `jobs` runs at a time fit into memory together, at least one. `run_bytes` has the bytes of each
// run to do.
[[nodiscard]] Index jobs_that_fit(std::vector<double> run_bytes, Index jobs, const UsableMemory& shared);

// Returns the number of runs at a time for the pool; without --jobs as many as fit. ConfigError if one of these runs
// needs more memory than there is, or if --jobs runs together do.
[[nodiscard]] Index require_memory(const Plan& plan, const Corpora& corpora, const RunRequest& request,
                                   const std::vector<RunName>& runs);

}  // namespace regard::experiment
