#pragma once
// Who is ahead of whom, and whether it is real: framework/evaluation's two claims, seed by seed.
#include <map>
#include <string>
#include <vector>

#include "framework/evaluation/metric.h"
#include "framework/report/analysis.h"

namespace regard::report {

// The sufficient statistics of each finished run's translations of one test set.
using RunStatistics = std::map<const Run*, evaluation::Statistics>;

[[nodiscard]] RunStatistics bleu_statistics(const TestSet& test, const std::vector<SystemSummary>& systems,
                                            const std::string& tokenizer);

// Appends the comparison of every system with the baseline on this test set, with Holm's correction over the
// systems, and sets analysis.best where the system with the highest mean is distinguishable (method, p < 0.05)
// from the one below it.
void add_comparisons(Analysis& analysis, const TestSet& test, const RunStatistics& statistics);

}  // namespace regard::report
