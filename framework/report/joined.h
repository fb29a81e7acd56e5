#pragma once
// Choices of the reader of a report: another baseline, and several plans on one page.
#include <string>
#include <vector>

#include "framework/runs/results.h"

namespace regard::report {

// Compares with `name` in place of the plan's baseline, which stays in plan.planned_baseline. An external system can be
// one. ConfigError with the nearest name if no system is called so.
void use_baseline(runs::Results& results, const std::string& name);

// Returns the results of several folders as those of one plan. Each system is "PLAN: SYSTEM" if another folder has one
// of the same name, and differs from the others also by what its plan says of all its systems. Kept are the test sets
// that all folders have. Claims and tuning belong to one plan and are left out; facts about data are of the first.
// FolderError if training or validation text differs, a test set of one name has other sentences, there is no common
// test set, or a plan decodes none. At least two results.
[[nodiscard]] runs::Results joined(std::vector<runs::Results> plans);

}  // namespace regard::report
