#pragma once
// The input files of a plan, outside of its run folder: every path value in the sections that a system's runs read.
// Their contents are part of the data that determines a run (run/resume_state.h). They are found by walking the values
// of all rows, so a new key with a path (also a plug-in's) is found without a change here.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Dotted key and file. A list has one entry for each file, counted from 1: "data.files.train.1".
using InputFiles = std::vector<std::pair<std::string, config::Path>>;

// Returns the files in a value; `key` is the key of the value.
[[nodiscard]] InputFiles files_in(const config::Value& value, const std::string& key);

// Returns the files that a system's runs read, in data, model, training and decoding.
[[nodiscard]] InputFiles input_files(const Plan& plan, const System& system);

// Computes the SHA-256 of files. Reads each file only once, even if many runs use it.
class ContentHashes final {
 public:
  ContentHashes() = default;
  // Reads the hashes that an earlier write() stored in the folder of prepared text, if there are any.
  explicit ContentHashes(const runs::RunFolder& folder);
  void write(const runs::RunFolder& folder) const;

  // Of each file, by its key; one that cannot be read has none.
  [[nodiscard]] std::map<std::string, std::string> of(const InputFiles& files);

 private:
  std::map<Path, std::string> known_;  // absolute paths: workers see the plan from its run folder
};

// ConfigError "training.warm_start: FILE: cannot be read: no such file or folder (system 'a')" if a file cannot be
// read. Files of the data section are checked where the text is read.
void require_input_files(const Plan& plan, const System& system);
void require_data_files(const Plan& plan, const std::string& section);

}  // namespace regard::experiment
