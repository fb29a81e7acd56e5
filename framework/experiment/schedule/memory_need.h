#pragma once
// Checks whether a training fits into memory, before it allocates any.
#include <string>

#include "framework/base/memory.h"
#include "framework/experiment/data/corpora.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

// Returns the least memory of a training in bytes: parameters, gradients, and the state of optimiser and averages.
// Batches need more.
[[nodiscard]] double least_training_bytes(const System& system, Index parameters);

// Returns a message if a training of the system needs more than `usable`; "" if it may fit:
//   p.yaml:4:9: model.hidden: 65536 gives system 'dot' 17180000000 parameters, whose training needs at least 274.9 GB,
//   but this process may use 12.3 GB (free memory); choose a smaller width
[[nodiscard]] std::string too_little_memory(const Plan& plan, const System& system, const Corpora& corpora,
                                            const UsableMemory& usable = usable_memory());

}  // namespace regard::experiment
