#pragma once
// The part of a run's record (run.yaml) that is needed to use the trained model. A trained run opens from its own
// folder; the plan, its corpora and its other systems may be gone.
#include <map>
#include <string>
#include <vector>

#include "framework/data/options.h"
#include "framework/decoding/options.h"
#include "framework/models/options.h"
#include "framework/runs/run_folder.h"

namespace regard::inference {

struct RunRecord {
  data::DataOptions data;            // `text`, `tokenizer` and `max_line_words` alone; the rest has its defaults
  models::ModelOptions model;        // without the files that gave it its first values
  decoding::SearchOptions decoding;  // its dictionary is the run's own copy, where there is one
  std::map<std::string, std::string> plugins;  // that the run uses: name -> sha256
};

// Returns the folder's copies of the plug-ins that run.yaml names. Load them before read_record(): it asks the
// registries.
[[nodiscard]] std::vector<Path> plugin_copies(const runs::RunPaths& run);

// Reads run.yaml. ConfigError "FILE:LINE:COLUMN: …" for a file that this version does not understand; FolderError
// if it cannot be read.
[[nodiscard]] RunRecord read_record(const runs::RunPaths& run);

}  // namespace regard::inference
