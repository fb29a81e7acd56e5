#pragma once
// Applies the keys that a system sets for itself, and --set.
#include <span>
#include <string>

#include "framework/config/tree.h"

namespace regard::experiment {

// Returns `tree` with the keys that the system `name` sets. A section's key is applied before keys inside that
// section, in any order of writing: `model.attention: concat` keeps a `model.attention.hidden: 7` written above it.
// ConfigError with the place for a key that is not one of model, training or decoding.
[[nodiscard]] config::Node with_overrides(const config::Node& tree, const std::string& name,
                                          const config::Node& written);

// Applies the texts of --set to every system. `root` has them already (config::load); this removes the same keys from
// the systems that set them. ConfigError for a key that `grid`, `tune.grid` or `tune.space` varies.
[[nodiscard]] config::Node with_sets_in_systems(config::Node root, std::span<const std::string> sets);

}  // namespace regard::experiment
