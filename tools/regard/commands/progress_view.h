#pragma once
// How far a plan is, as lines for a terminal: one a run, one for the whole.
#include <string>
#include <vector>

#include "framework/runs/progress.h"

namespace regard::cli {

// At most `rows` lines of at most `columns` characters; where the runs are more, those that are done or wait are
// counted and not listed. The last line is the whole plan's.
[[nodiscard]] std::vector<std::string> progress_view(const runs::PlanProgress& progress, std::size_t columns,
                                                     std::size_t rows);

// "42 s", "3:07 min", "2:15 h"
[[nodiscard]] std::string duration(double seconds);

}  // namespace regard::cli
