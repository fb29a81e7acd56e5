#pragma once
// The columns that a plan may choose for a report's main table (`report.metrics`). The plan's row reads the names, and
// the report makes the columns.
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "framework/base/base.h"
#include "framework/evaluation/line_metrics.h"

namespace regard::runs {

enum class ReportMetric : std::uint8_t {
  bleu,
  bleu_longest,
  greedy_bleu,
  chrf2,
  ter,
  exact_match,
  token_accuracy,
  wer,
  cer,
  per,
  edit_distance,
  perplexity,
  loss,
  parameters,
  operations,
  tokens_per_second,
  minutes,
  memory
};

struct NamedMetric {
  ReportMetric metric;
  const char* name;     // as a plan writes it
  const char* summary;  // what the column has
};

// Returns all metrics, in the order of the enum.
[[nodiscard]] std::span<const NamedMetric> report_metrics();
[[nodiscard]] const char* name_of(ReportMetric metric);
[[nodiscard]] std::optional<ReportMetric> report_metric_named(std::string_view name);

// Returns which metric of the beam's translations a column shows; nothing if it shows something else, or BLEU, which has
// its own rules.
[[nodiscard]] std::optional<evaluation::LineMetric> line_metric_of(ReportMetric metric);

// Returns the columns of a plan that names none.
[[nodiscard]] std::vector<ReportMetric> default_report_metrics();

}  // namespace regard::runs
