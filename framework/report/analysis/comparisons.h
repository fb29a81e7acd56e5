#pragma once
// Compares systems by pairs of runs with equal seeds, and tests the differences (the two claims of
// framework/evaluation).
#include <map>
#include <span>
#include <string>
#include <vector>

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/run_scores.h"
#include "framework/report/analysis/analysis.h"

namespace regard::report {

[[nodiscard]] RunStatistics bleu_statistics(const TestSet& test, const std::vector<SystemSummary>& systems,
                                            const std::string& tokenizer);

[[nodiscard]] evaluation::Bleu bleu_with(const std::string& tokenizer);

// Returns a comparison of two systems on one test set without numbers.
[[nodiscard]] Comparison paired(const SystemSummary& system, const SystemSummary& baseline, const TestSet& test);
// Fills in the numbers, from the runs at these positions (system[k] is paired with baseline[k]); not Holm's p.
void complete(Comparison& comparison, const evaluation::RunScores& scores, std::span<const std::size_t> system,
              std::span<const std::size_t> baseline);
// Returns what the reader must know of a baseline that is not the plan's; "" if it is the plan's.
[[nodiscard]] std::string baseline_note(const runs::PlanFacts& plan);
// Returns what is known about the difference, in one sentence.
[[nodiscard]] std::string verdict(const Comparison& comparison);
// Compares two systems on one test set, without verdict and correction.
[[nodiscard]] Comparison compare_systems(const evaluation::Metric& metric, const SystemSummary& system,
                                         const SystemSummary& baseline, const TestSet& test,
                                         const RunStatistics& statistics);
// Applies Holm's correction to the comparisons with a claim about the method.
void correct_for_all(const std::vector<Comparison*>& comparisons);

// Appends the comparison of every system with the baseline on this test set, with Holm's correction over the systems.
// Sets analysis.best if the system with the highest mean is distinguishable from the next one (method, p < 0.05).
void add_comparisons(Analysis& analysis, const TestSet& test, const RunStatistics& statistics);

}  // namespace regard::report
