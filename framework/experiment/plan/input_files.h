#pragma once
// The files outside of the folder that a plan names: every value of a path row in the sections that a system's runs
// read. What they hold is part of what determines a run (run/resume_state.h). They are found by walking the rows'
// values, so a new key of a path, a plug-in's too, is among them.
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Dotted key and file; of a list each with its place from 1: "data.files.train.1".
using InputFiles = std::vector<std::pair<std::string, config::Path>>;

// Those in a value, whose key is `key`.
[[nodiscard]] InputFiles files_in(const config::Value& value, const std::string& key);

// Those that a system's runs read: of data, model, training and decoding.
[[nodiscard]] InputFiles input_files(const Plan& plan, const System& system);

// The SHA-256 of files, each of them read once, however many runs read it: `regard run` writes what it read, and its
// workers take that.
class ContentHashes final {
 public:
  ContentHashes() = default;
  // Takes what an earlier write() put into the folder of prepared text, if anything.
  explicit ContentHashes(const runs::RunFolder& folder);
  void write(const runs::RunFolder& folder) const;

  // Of each file, by its key; one that cannot be read has none.
  [[nodiscard]] std::map<std::string, std::string> of(const InputFiles& files);

 private:
  std::map<Path, std::string> known_;  // absolute paths: workers see the plan from its run folder
};

// ConfigError "p.yaml:4:24: training.warm_start: FILE: cannot be read: no such file or folder (system 'a')" for the
// first file that cannot be opened: of a system those that are not data, and those of a section of the data
// ("data.files").
void require_input_files(const Plan& plan, const System& system);
void require_data_files(const Plan& plan, const std::string& section);

}  // namespace regard::experiment
