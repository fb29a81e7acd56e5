#pragma once
// Translations by other programs, kept in the run folder, so that the report depends only on the folder:
// external/NAME/TEST.txt, one sentence a line. load_results gives each NAME as a system.
#include <string>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Adds the file as the translation of `test` by `system`; "" is the folder's only test set, or the one named
// "test". Replaces an earlier file of this name and test set. ConfigError for a name that a system of the plan has
// or that cannot be a folder name, and for an unknown test set; DataError "FILE…" if the file cannot be read, is
// not UTF-8, or has another number of lines than the test set.
void add_external(const runs::RunFolder& folder, const std::string& system, const std::string& test,
                  const std::string& file);

// Adds the files of the plan's `report.external`; the folder's data/ must exist.
void add_externals(const runs::RunFolder& folder, const Plan& plan);

// Forgets the translations that an earlier plan's `report.external` brought, by FOLDER/plan.resolved.yaml, and that
// this plan does not name.
void forget_externals(const runs::RunFolder& folder, const Plan& plan);

// Forgets a system that was added: true where there was one.
bool remove_external(const runs::RunFolder& folder, const std::string& system);

}  // namespace regard::experiment
