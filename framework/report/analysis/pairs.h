#pragma once
// Every pair of systems, and the set of systems that may be the best.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

// A system is left out of the set of the best if another one beats it with p <= 0.05 / (k - 1), one-sided, among k systems
// (subset selection, Gupta 1965, with Bonferroni's bound). So the set has the best system with a probability of at least
// 95 %, whatever the differences are: the best is left out only if one of k - 1 true null hypotheses is rejected.
inline constexpr double kBestLevel = 0.05;
[[nodiscard]] std::vector<Rank> rank(const PairAnalysis& pairs,
                                     const std::vector<std::pair<std::string, double>>& means);

// Compares all pairs of systems on one test set.
[[nodiscard]] PairAnalysis compare_all(const evaluation::Metric& metric, const std::vector<SystemSummary>& systems,
                                       const TestSet& test, const std::string& tokenizer,
                                       const RunStatistics& statistics);

}  // namespace regard::report
