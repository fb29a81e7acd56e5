#pragma once
// Returns the tables of a report.
#include <string>

#include "framework/report/analysis/analysis.h"
#include "framework/report/tables/table.h"

namespace regard::report {

// The main table: the columns of report.metrics, by default BLEU on the test sets, perplexity, parameters, speed,
// minutes. Mean ± standard deviation over seeds.
[[nodiscard]] Table main_table(const Analysis& analysis);
// A note for each scorer: BLEU with the main table's tokeniser or all of them, chrF2 and TER where chosen.
[[nodiscard]] std::vector<std::string> signature_notes(const Analysis& analysis, bool all);
// Returns the metrics besides BLEU that report.metrics names and that are computed from translations.
[[nodiscard]] std::vector<evaluation::LineMetric> shown_line_metrics(const Analysis& analysis);
// Every BLEU (test, tokeniser, beam and greedy), perplexity and loss: only result files, no measurements.
[[nodiscard]] Table scores_table(const Analysis& analysis);
// The differences from the baseline: the claims about these models and about the method.
[[nodiscard]] Table claims_table(const Analysis& analysis);
// Every pair of systems as a triangle, and the systems that may be the best (analysis/pairs.h); without rows if there are
// fewer than two systems.
[[nodiscard]] Table triangle_table(const Analysis& analysis, const PairAnalysis& pairs);
[[nodiscard]] Table ranking_table(const PairAnalysis& pairs);
// Both for each test set; nothing with fewer than three systems, whose pair is the comparison with the baseline.
[[nodiscard]] std::vector<Table> pair_tables(const Analysis& analysis);
// sacreBLEU's p-value of each pair of runs with one seed.
[[nodiscard]] Table pairs_table(const Analysis& analysis);
// Scores by a property of the sentences: for a test set one table for each property and metric, BLEU before chrF2.
enum class BucketMetric { bleu, chrf };
[[nodiscard]] Table bucket_table(const Analysis& analysis, const std::string& test, const BucketSet& set,
                                 BucketMetric metric);
[[nodiscard]] std::vector<Table> bucket_tables(const Analysis& analysis, const std::string& test);
// Attention: its weights, its agreement with gold alignments, and between systems and seeds; empty if no weights
// were kept.
[[nodiscard]] Table attention_table(const Analysis& analysis);
[[nodiscard]] Table alignment_table(const Analysis& analysis);
[[nodiscard]] Table agreement_table(const Analysis& analysis);
// Changes of loss and BLEU with other attention weights; empty if they were not measured.
[[nodiscard]] Table interventions_table(const Analysis& analysis);
[[nodiscard]] Table interventions_by_length_table(const Analysis& analysis);
[[nodiscard]] std::string interventions_words();
[[nodiscard]] std::string budget_summary(const Analysis& analysis);
[[nodiscard]] Table cost_table(const Analysis& analysis);
[[nodiscard]] Table data_table(const Analysis& analysis);
[[nodiscard]] Table differences_table(const Analysis& analysis);
// One row for each run, including failed and missing ones.
[[nodiscard]] Table runs_table(const Analysis& analysis);

// Returns a text about what attention can and cannot show.
[[nodiscard]] std::string attention_words();

// The section "Tuning": what was chosen, the expected best of fewer trials, and every trial. Without rows if nothing was
// tuned.
[[nodiscard]] Table chosen_table(const Analysis& analysis);
[[nodiscard]] Table tuning_table(const Analysis& analysis);
[[nodiscard]] Table trials_table(const Analysis& analysis);

}  // namespace regard::report
