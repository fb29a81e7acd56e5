#pragma once
// `grid:` of a plan: keys with several values each, whose cross product makes one system into several:
//   grid: {model.hidden: [256, 512]}   and a system `dot`   ->   dot-h256, dot-h512
#include <string>
#include <utility>
#include <vector>

#include "framework/config/tree.h"

namespace regard::experiment {

// One point of a grid: what is behind a system's name there, and the keys that it sets.
struct GridPoint {
  std::string
      suffix;  // "-h256-l0.001": of each key as much of its last part as tells it from the others, and the value
  std::vector<std::pair<std::string, config::Node>> values;
};

// All points, the last key varying fastest. `where` is the grid's own key, for messages. ConfigError for values
// that are no list, for an empty one and for two points of one name.
[[nodiscard]] std::vector<GridPoint> grid_points(const config::Node& grid, const std::string& where);

// The systems of `root` crossed with `grid`, each under its name and suffix. ConfigError where a system writes a
// key of the grid itself.
[[nodiscard]] config::Node crossed(config::Node root, const config::Node& grid, const std::string& where);

// The tree of a plan without its `grid:`, which is crossed with the systems.
[[nodiscard]] config::Node without_grid(config::Node root);

}  // namespace regard::experiment
