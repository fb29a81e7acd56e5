#pragma once
// What `regard run --dry-run` prints: the runs, what they would cost, and what each system differs in.
#include <string>
#include <vector>

#include "framework/experiment/schedule/cost_estimate.h"
#include "framework/experiment/schedule/runner.h"

namespace regard::cli {

[[nodiscard]] std::string dry_run(const experiment::Plan& plan, const experiment::RunRequest& request);

}  // namespace regard::cli
