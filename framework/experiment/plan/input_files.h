#pragma once
// Files outside of the folder whose content a training begins from: `training.warm_start` and the embeddings of
// both sides. What they hold is part of what a run is a run of (stand.h); the corpus has its hashes in data.json.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Those that a system names: dotted key and file.
[[nodiscard]] std::vector<std::pair<std::string, config::Path>> input_files(const System& system);

// The SHA-256 of files, each of them read once, however many runs begin from it.
class ContentHashes final {
 public:
  // Of each of input_files(), by its key; a file that cannot be read has none.
  [[nodiscard]] std::map<std::string, std::string> of(const System& system);

 private:
  std::map<Path, std::string> known_;
};

// ConfigError "training.warm_start: FILE: cannot be read: no such file or folder" for one that is not there.
void require_input_files(const System& system);

}  // namespace regard::experiment
