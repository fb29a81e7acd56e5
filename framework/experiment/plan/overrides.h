#pragma once
// The keys that a system writes for itself, and --set over them.
#include <span>
#include <string>

#include "framework/config/tree.h"

namespace regard::experiment {

// `tree` with the keys of the system `name` over it. A section's key is applied before keys inside that section,
// whatever their order: `model.attention: concat` keeps `model.attention.hidden: 7` written above it. ConfigError
// at its place for what is not a key of model, training or decoding.
[[nodiscard]] config::Node with_overrides(const config::Node& tree, const std::string& name,
                                          const config::Node& written);

// Makes the texts of --set hold for every system. `root` has them already (config::load); this takes the same keys
// out of the systems that write them. ConfigError for a key that `grid` or `tune.grid` varies.
[[nodiscard]] config::Node with_sets_in_systems(config::Node root, std::span<const std::string> sets);

}  // namespace regard::experiment
