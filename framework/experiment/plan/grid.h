#pragma once
// `grid:` of a plan: keys with several values each. Each system becomes one system for each combination of values:
//   grid: {model.hidden: [256, 512]}   and a system `dot`   ->   dot-h256, dot-h512
#include <string>
#include <utility>
#include <vector>

#include "framework/config/tree.h"

namespace regard::experiment {

// One point of a grid: the suffix of a system's name, and the keys that it sets.
struct GridPoint {
  std::string
      suffix;  // "-h256-l0.001": for each key a short distinct name (short_names() in grid.cpp) and the value
  std::vector<std::pair<std::string, config::Node>> values;
};

// Returns all points; the last key varies fastest. `where` is the grid's key, for messages. ConfigError for a value
// that is not a list, for an empty list, and for two points with the same name.
[[nodiscard]] std::vector<GridPoint> grid_points(const config::Node& grid, const std::string& where);

// Returns `root` with each of its systems replaced by one system for each point, named with the suffix. `grid` is where
// the points come from, for messages. ConfigError if a system sets a key of a point itself, or for too many systems.
[[nodiscard]] config::Node crossed(config::Node root, const std::vector<GridPoint>& points,
                                   const config::Node& grid, const std::string& where);
// The same for all points of `grid`.
[[nodiscard]] config::Node crossed(config::Node root, const config::Node& grid, const std::string& where);

// Returns the tree of a plan with `grid:` applied to its systems and removed.
[[nodiscard]] config::Node without_grid(config::Node root);

}  // namespace regard::experiment
