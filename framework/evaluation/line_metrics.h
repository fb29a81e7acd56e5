#pragma once
// Every metric of translated lines, in one table: what plans, reports and `regard score` call it, and how it is made.
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "framework/evaluation/metric.h"

namespace regard::evaluation {

enum class LineMetric : std::uint8_t {
  bleu,
  chrf2,
  ter,
  exact_match,
  token_accuracy,
  wer,
  cer,
  per,
  edit_distance
};

struct LineMetricFacts {
  LineMetric metric;
  const char* key;      // as a plan writes it: "exact_match"
  const char* summary;  // what it is, without a full stop
  bool lower_is_better;
  std::unique_ptr<Metric> (*make)();  // BLEU has the tokeniser 13a
};

// Returns all, in the order of the enum.
[[nodiscard]] std::span<const LineMetricFacts> line_metrics();
[[nodiscard]] const LineMetricFacts& facts_of(LineMetric metric);
[[nodiscard]] std::optional<LineMetric> line_metric_named(std::string_view key);

}  // namespace regard::evaluation
