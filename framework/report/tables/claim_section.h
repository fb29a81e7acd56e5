#pragma once
// The part of the page's result that shows the plan's claim.
#include <string>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

// Returns the claim with its verdicts, the table of rounds and the history; "" for a plan that never made a claim.
[[nodiscard]] std::string claim_section(const Results& results);
// The same as Markdown.
[[nodiscard]] std::string claim_markdown(const Results& results);

}  // namespace regard::report
