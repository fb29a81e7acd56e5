#pragma once
// Compares systems by pairs of runs with equal seeds, and tests the differences (the two claims of
// framework/evaluation).
#include <map>
#include <string>
#include <vector>

#include "framework/evaluation/bleu.h"
#include "framework/report/analysis/analysis.h"

namespace regard::report {

// The sufficient statistics of the metric for each finished run's translations of one test set.
using RunStatistics = std::map<const Run*, evaluation::Statistics>;

[[nodiscard]] RunStatistics bleu_statistics(const TestSet& test, const std::vector<SystemSummary>& systems,
                                            const std::string& tokenizer);

[[nodiscard]] evaluation::Bleu bleu_with(const std::string& tokenizer);

// Compares two systems on one test set, without verdict and correction.
[[nodiscard]] Comparison compare_systems(const evaluation::Metric& metric, const SystemSummary& system,
                                         const SystemSummary& baseline, const TestSet& test,
                                         const RunStatistics& statistics);
// Returns the verdict with its reservations: one sentence.
[[nodiscard]] std::string in_words(const Comparison& comparison);
// Applies Holm's correction to the comparisons with a claim about the method.
void correct_for_all(const std::vector<Comparison*>& comparisons);

// Appends the comparison of every system with the baseline on this test set, with Holm's correction over the systems.
// Sets analysis.best if the system with the highest mean is distinguishable from the next one (method, p < 0.05).
void add_comparisons(Analysis& analysis, const TestSet& test, const RunStatistics& statistics);

}  // namespace regard::report
