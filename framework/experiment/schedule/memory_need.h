#pragma once
// Whether a training fits into memory, asked before it takes any.
#include <string>

#include "framework/base/memory.h"
#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

// Bytes that a training of a model with so many parameters holds at least: parameters, gradients, and what the
// optimiser and the averages remember. Batches come on top.
[[nodiscard]] double least_training_bytes(const System& system, Index parameters);

// Why a training of the system needs more than `usable`, with the key and its place; "" where it may fit:
//   "p.yaml:4:9: model.hidden: 65536 gives system 'dot' 17180000000 parameters, whose training takes 274.9 GB at
//   least, and this process may take 12.3 GB (free memory); choose a smaller one"
[[nodiscard]] std::string too_little_memory(const Plan& plan, const System& system, const Corpora& corpora,
                                            const UsableMemory& usable = usable_memory());

}  // namespace regard::experiment
