#pragma once
// Clauses that stand behind a verdict: what the facts of the runs (runs/run_facts.h) mean for the comparison.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

// Returns the clauses for the comparison of two systems, for example
//   "1 of 3 seeds of general parked, so its mean says how surely it begins to align, not how well it translates"
//   "vanilla was still improving at its end: more epochs would narrow the gap"
// `difference` is system minus baseline, larger is better; NaN if unknown.
[[nodiscard]] std::vector<std::string> reservations_of(const Results& results, const std::string& system,
                                                       const std::string& baseline, double difference);

// Returns the verdict with its reservations: one sentence.
[[nodiscard]] std::string in_words(const Comparison& comparison);

}  // namespace regard::report
