#pragma once
// Finds files in a run folder that its plan does not need: runs of removed systems and seeds, half-written files,
// and candidates of a removed tuning.
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::experiment {

struct Leftover {
  Path path;
  std::string why;
  std::uintmax_t bytes = 0;  // of all files in it
};

// Returns the leftovers in the order of their paths; changes nothing. FolderError for a folder without a plan.
[[nodiscard]] std::vector<Leftover> leftovers_in(const Path& folder);

// Locks the folder and removes them. FolderError if the folder is in use or a file cannot be removed.
void remove_leftovers(const Path& folder, const std::vector<Leftover>& leftovers);

}  // namespace regard::experiment
