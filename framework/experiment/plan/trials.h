#pragma once
// The points of a tuning: those of `tune.grid`, or points drawn from the ranges of `tune.space` (Bergstra and Bengio 2012,
// "Random search for hyper-parameter optimization"). All systems have the same points.
#include <string>
#include <vector>

#include "framework/experiment/plan/grid.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

// Returns the points in their order. A drawn point is named "-t1", "-t2", …; value k of a key depends only on tune.draw,
// the key and k. Drawn numbers have four significant digits. ConfigError with the place for a wrong grid or range.
[[nodiscard]] std::vector<GridPoint> tuning_points(const Plan& plan);

// Returns the keys of a point whose values are at an end of what was tried, each as a clause: "training.learning_rate 0.0098
// is at the upper end of 0.0001 to 0.01". At an end is the smallest or largest of three or more values of a grid, or
// the outer twentieth of a range. A better value may lie beyond.
[[nodiscard]] std::vector<std::string> ends_reached(const Plan& plan, const GridPoint& point);

}  // namespace regard::experiment
