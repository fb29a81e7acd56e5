#pragma once
// The progress of a plan as lines for a terminal: one for each run, and one for the whole plan.
#include <string>
#include <vector>

#include "framework/runs/progress.h"

namespace regard::cli {

// Returns at most `rows` lines of at most `columns` characters. If there are more runs, finished and waiting ones
// are only counted. The last line is the whole plan's.
[[nodiscard]] std::vector<std::string> progress_view(const runs::PlanProgress& progress, std::size_t columns,
                                                     std::size_t rows);

// "42 s", "3:07 min", "2:15 h"
[[nodiscard]] std::string duration(double seconds);

}  // namespace regard::cli
