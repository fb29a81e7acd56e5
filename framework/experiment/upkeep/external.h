#pragma once
// Copies translations by other programs into the run folder, so that the report depends only on the folder:
// external/NAME/TEST.txt, one sentence a line. load_results returns each NAME as a system.
#include <string>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Adds the file as the translation of test set `test` by `system`. An empty `test` means the folder's only test set, or
// the one named "test". Replaces an earlier file of this name and test set. ConfigError if a system of the plan has the
// name, if it cannot be a folder name, and for an unknown test set. DataError "FILE…" if the file cannot be read, is
// not UTF-8, or does not have as many lines as the test set.
void add_external(const runs::RunFolder& folder, const std::string& system, const std::string& test,
                  const std::string& file);

// Adds the files of the plan's `report.external`. The folder's data/ must exist.
void add_externals(const runs::RunFolder& folder, const Plan& plan);

// Removes the translations that the `report.external` of the previous plan (FOLDER/plan.resolved.yaml) named and this
// plan does not.
void forget_externals(const runs::RunFolder& folder, const Plan& plan);

// Removes a system that was added. Returns whether there was one.
bool remove_external(const runs::RunFolder& folder, const std::string& system);

}  // namespace regard::experiment
