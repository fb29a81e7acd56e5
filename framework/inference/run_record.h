#pragma once
// Reads the part of a run's record (run.yaml) that is needed to use the trained model. A trained run is opened from its
// own folder; it does not need the plan's corpora and other systems.
#include <map>
#include <string>
#include <vector>

#include "framework/data/options.h"
#include "framework/decoding/options.h"
#include "framework/models/options.h"
#include "framework/runs/run_folder.h"

namespace regard::inference {

struct RunRecord {
  data::DataOptions data;            // only `text`, `tokenizer` and `max_line_words`; the rest has its defaults
  models::ModelOptions model;        // without the files of initial embeddings
  decoding::SearchOptions decoding;  // its dictionary is the run's own copy if there is one
  std::map<std::string, std::string> plugins;  // those that the run uses: name -> sha256
};

// Returns the folder's copies of the plug-ins that run.yaml names. Load them before read_record(), which looks names up
// in the registries.
[[nodiscard]] std::vector<Path> plugin_copies(const runs::RunPaths& run);

// Reads run.yaml. ConfigError "FILE:LINE:COLUMN: …" if this version does not understand the file; FolderError if it
// cannot be read.
[[nodiscard]] RunRecord read_record(const runs::RunPaths& run);

}  // namespace regard::inference
