#pragma once
// A plan's claim in the report: the verdicts, the rounds and the history (runs/decisions.h, runs/registration.h).
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"
#include "framework/report/tables/table.h"

namespace regard::report {

// Returns what is claimed, then a sentence for each system; empty without a claim.
[[nodiscard]] std::vector<std::string> claim_sentences(const Results& results);
// Returns a warning about the report's other intervals, if seeds were added by what they showed; else "".
[[nodiscard]] std::string claim_caution(const Results& results);
// One row for each system that was looked at in each round.
[[nodiscard]] Table rounds_table(const Results& results);
// Returns a sentence for each line of claim.jsonl.
[[nodiscard]] std::vector<std::string> claim_history(const Results& results);

}  // namespace regard::report
