#include "framework/evaluation/line_metrics.h"

#include <algorithm>
#include <array>

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/chrf.h"
#include "framework/evaluation/sequence_metrics.h"
#include "framework/evaluation/ter.h"

namespace regard::evaluation {
namespace {

template <class M>
std::unique_ptr<Metric> made() {
  return std::make_unique<M>();
}

std::unique_ptr<Metric> wer() { return std::make_unique<ErrorRate>("WER", Unit::word); }
std::unique_ptr<Metric> cer() { return std::make_unique<ErrorRate>("CER", Unit::character); }
std::unique_ptr<Metric> per() { return std::make_unique<ErrorRate>("PER", Unit::word); }
std::unique_ptr<Metric> distance() { return std::make_unique<ErrorRate>("EditDist", Unit::character, true); }

constexpr std::array<LineMetricFacts, 9> kMetrics{{
    {LineMetric::bleu, "bleu", "BLEU, tokeniser 13a", false, made<Bleu>},
    {LineMetric::chrf2, "chrf2", "chrF2", false, made<Chrf>},
    {LineMetric::ter, "ter", "TER: lower is better", true, made<Ter>},
    {LineMetric::exact_match, "exact_match", "share of lines that are wholly right, in percent", false,
     made<ExactMatch>},
    {LineMetric::token_accuracy, "token_accuracy", "share of words at their place in the reference, in percent",
     false, made<TokenAccuracy>},
    {LineMetric::wer, "wer", "word error rate: lower is better", true, wer},
    {LineMetric::cer, "cer", "character error rate: lower is better", true, cer},
    {LineMetric::per, "per", "phone error rate, of lines whose words are phones: lower is better", true, per},
    {LineMetric::edit_distance, "edit_distance", "mean edit distance in characters: lower is better", true,
     distance},
}};

}  // namespace

std::span<const LineMetricFacts> line_metrics() { return kMetrics; }

const LineMetricFacts& facts_of(LineMetric metric) { return kMetrics.at(static_cast<std::size_t>(metric)); }

std::optional<LineMetric> line_metric_named(std::string_view key) {
  const auto* const found =
      std::find_if(kMetrics.begin(), kMetrics.end(), [&](const LineMetricFacts& each) { return each.key == key; });
  return found == kMetrics.end() ? std::nullopt : std::optional(found->metric);
}

}  // namespace regard::evaluation
