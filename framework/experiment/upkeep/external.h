#pragma once
// Translations by other programs, kept in the run folder so that the report stays a function of the folder alone:
// external/NAME/TEST.txt, one sentence a line. load_results gives each NAME as a system.
#include <string>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

// Takes over the file as what `system` made of `test`; "" is the folder's only test set, or the one named "test".
// Nothing is written but a whole file that fits: ConfigError for a name that the plan's systems have or that could
// be no folder's and for an unknown test set; DataError "FILE…" where it cannot be read, is not UTF-8, or has
// another number of lines than the test set. What stood there of that name and test set is replaced.
void add_external(const runs::RunFolder& folder, const std::string& system, const std::string& test,
                  const std::string& file);

// `report.external` of the plan; the folder's data/ must stand.
void add_externals(const runs::RunFolder& folder, const Plan& plan);

// Forgets the translations that an earlier plan's `report.external` brought, by FOLDER/plan.resolved.yaml, and that
// this plan does not name.
void forget_externals(const runs::RunFolder& folder, const Plan& plan);

// Forgets a system that was added: true where there was one.
bool remove_external(const runs::RunFolder& folder, const std::string& system);

}  // namespace regard::experiment
