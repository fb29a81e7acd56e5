#pragma once
// Checks a run folder: recomputes hashes and scores, and reads checkpoints and histories.
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::experiment {

struct Verification {
  Index hashes = 0;                             // files whose hash was computed
  Index checkpoints = 0;                        // checkpoints that were read, with their checksum
  Index scores = 0;                             // figures of scores.json computed again
  std::vector<std::string> disagreements = {};  // one sentence each, beginning with the file
};

// Checks all existing files; an unfinished run is checked as far as it is done. FolderError for a folder without a
// plan.
[[nodiscard]] Verification verify(const Path& folder);

}  // namespace regard::experiment
