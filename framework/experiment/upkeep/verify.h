#pragma once
// Holds what stands in a folder against what it says of itself: hashes, checkpoints, histories, scores.
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::experiment {

struct Verification {
  Index hashes = 0;                             // files whose hash was computed
  Index checkpoints = 0;                        // checkpoints read whole, with their checksum
  Index scores = 0;                             // figures of scores.json computed again
  std::vector<std::string> disagreements = {};  // one sentence each, beginning with the file
};

// Everything but what was never written: a run that did not finish is looked at as far as it came. FolderError for
// a folder that holds no plan.
[[nodiscard]] Verification verify(const Path& folder);

}  // namespace regard::experiment
