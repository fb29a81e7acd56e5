#pragma once
// Reads seeds that are written as ranges: `seeds: 1-3,7`.
#include "framework/config/tree.h"

namespace regard::experiment {

// Returns the plan's tree with `seeds` and `tune.seeds` as lists where they are text: 1-3,7 becomes [1, 2, 3, 7].
// ConfigError with the place for other text, and for a range that is empty or longer than 10,001 seeds.
[[nodiscard]] config::Node with_seed_lists(config::Node root);

}  // namespace regard::experiment
