#pragma once
// Checks a run folder: recomputes hashes and scores, and reads checkpoints and histories.
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::experiment {

struct Verification {
  Index hashes = 0;                             // files whose hash was computed
  Index checkpoints = 0;                        // checkpoints that were read and had their checksum checked
  Index scores = 0;                             // numbers of scores.json that were recomputed
  std::vector<std::string> disagreements = {};  // one sentence each, starting with the file
};

// Checks the folder's data and all finished runs; skips unfinished runs. FolderError for a folder without a plan.
[[nodiscard]] Verification verify(const Path& folder);

}  // namespace regard::experiment
