#pragma once
// Reads seeds that are written as ranges: `seeds: 1-3,7`.
#include "framework/config/tree.h"

namespace regard::experiment {

// The form of such a text, for the schema.
inline constexpr const char* kSeedRanges = "^[0-9]{1,9}(-[0-9]{1,9})?(,[0-9]{1,9}(-[0-9]{1,9})?)*$";

// The plan's tree with `seeds` and `tune.seeds` as lists, where they are written as numbers and ranges: 1-3,7 becomes
// [1, 2, 3, 7]. ConfigError at its place for other text and for a range that is empty or longer than 10,001 seeds.
[[nodiscard]] config::Node with_seed_lists(config::Node root);

}  // namespace regard::experiment
