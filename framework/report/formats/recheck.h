#pragma once
// Whether report/results.json is what the runs' files give today.
#include <string>
#include <vector>

#include "framework/runs/results.h"

namespace regard::report {

struct Recheck {
  bool exists = false;  // whether the folder has a report at all
  Index numbers = 0;    // of results.json, computed again
  // One sentence for each that another value stands for, "FILE: /comparisons/0/p: says 0.04, and the runs give
  // 0.4"; of many the first, and how many more.
  std::vector<std::string> disagreements = {};
};

// Scores and statistics are computed again from what the folder holds, as for a new report. FolderError where the
// folder, or what results.json stands in it as, cannot be read.
[[nodiscard]] Recheck recheck(const Path& folder);

}  // namespace regard::report
