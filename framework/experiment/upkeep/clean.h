#pragma once
// What stands in a run folder and its plan does not need: runs of systems and seeds that it no longer has, what
// kills left behind, candidates of a tuning that it no longer does.
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::experiment {

struct Leftover {
  Path path;
  std::string why;
  std::uintmax_t bytes = 0;  // of all below it
};

// In the order of their paths; changes nothing. FolderError for a folder that holds no plan.
[[nodiscard]] std::vector<Leftover> leftovers_in(const Path& folder);

// Removes them, under the folder's lock. FolderError where somebody works there or something can't be removed.
void remove_leftovers(const Path& folder, const std::vector<Leftover>& leftovers);

}  // namespace regard::experiment
