#pragma once
// Checks whether report/results.json still agrees with the runs' files.
#include <string>
#include <vector>

#include "framework/runs/results.h"

namespace regard::report {

struct Recheck {
  bool exists = false;  // whether the folder has a report
  Index numbers = 0;    // of results.json that were recomputed
  // One sentence for each different value: "FILE: /comparisons/0/p: is 0.04, but the runs give 0.4". For many
  // differences, the first ones and the number of others.
  std::vector<std::string> disagreements = {};
};

// Recomputes scores and statistics from the folder, as for a new report. FolderError if the folder or its
// results.json cannot be read.
[[nodiscard]] Recheck recheck(const Path& folder);

}  // namespace regard::report
