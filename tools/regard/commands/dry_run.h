#pragma once
// The output of `regard run --dry-run`: the runs, their estimated cost, and how each system differs from the
// baseline.
#include <string>
#include <vector>

#include "framework/experiment/schedule/cost_estimate.h"
#include "framework/experiment/schedule/runner.h"

namespace regard::cli {

[[nodiscard]] std::string dry_run(const experiment::Plan& plan, const experiment::RunRequest& request);

}  // namespace regard::cli
