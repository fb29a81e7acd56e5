#pragma once
// `grid:` of a plan: keys with several values each, whose cross product makes one system into several:
//   grid: {model.hidden: [256, 512]}   and a system `dot`   ->   dot-h256, dot-h512
#include <string>
#include <utility>
#include <vector>

#include "framework/config/tree.h"

namespace regard::experiment {

// One point of a grid: the suffix of a system's name, and the keys that it sets.
struct GridPoint {
  std::string
      suffix;  // "-h256-l0.001": of each key as much of its last part as tells it from the others, and the value
  std::vector<std::pair<std::string, config::Node>> values;
};

// Returns all points; the last key varies fastest. `where` is the grid's key, for messages. ConfigError for values
// that are not a list, for an empty list and for two points with one name.
[[nodiscard]] std::vector<GridPoint> grid_points(const config::Node& grid, const std::string& where);

// Returns the systems of `root` crossed with `grid`, each with its name and suffix. ConfigError if a system sets a
// key of the grid itself.
[[nodiscard]] config::Node crossed(config::Node root, const config::Node& grid, const std::string& where);

// Returns the tree of a plan with its systems crossed with `grid:`, and without `grid:`.
[[nodiscard]] config::Node without_grid(config::Node root);

}  // namespace regard::experiment
