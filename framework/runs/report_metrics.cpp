#include "framework/runs/report_metrics.h"

#include <algorithm>
#include <array>

namespace regard::runs {
namespace {

constexpr std::array<NamedMetric, 18> kMetrics{{
    {ReportMetric::bleu, "bleu", "BLEU of the beam's translations, a column a test set"},
    {ReportMetric::bleu_longest, "bleu_longest",
     "BLEU of the sentences with the longest sources; none where a test set named *_long shows them"},
    {ReportMetric::greedy_bleu, "greedy_bleu", "BLEU of the greedy translations, a column a test set"},
    {ReportMetric::chrf2, "chrf2", "chrF2 of the beam's translations, a column a test set"},
    {ReportMetric::ter, "ter", "TER of the beam's translations, a column a test set; slow on long sentences"},
    {ReportMetric::exact_match, "exact_match",
     "share of lines that are wholly right, in percent, a column a test set"},
    {ReportMetric::token_accuracy, "token_accuracy",
     "share of words at their place in the reference, in percent, a column a test set"},
    {ReportMetric::wer, "wer", "word error rate, a column a test set"},
    {ReportMetric::cer, "cer", "character error rate, a column a test set"},
    {ReportMetric::per, "per", "phone error rate, of lines whose words are phones, a column a test set"},
    {ReportMetric::edit_distance, "edit_distance", "mean edit distance in characters, a column a test set"},
    {ReportMetric::perplexity, "perplexity", "of the first test set's references"},
    {ReportMetric::loss, "loss", "the same in nats a token"},
    {ReportMetric::parameters, "parameters", "how many the model has"},
    {ReportMetric::operations, "operations", "millions of operations a target token, forward"},
    {ReportMetric::tokens_per_second, "tokens_per_second", "target tokens a second in training"},
    {ReportMetric::minutes, "minutes", "of training"},
    {ReportMetric::memory, "memory", "the process's peak in MiB"},
}};

}  // namespace

std::span<const NamedMetric> report_metrics() { return kMetrics; }

const char* name_of(ReportMetric metric) { return kMetrics.at(static_cast<std::size_t>(metric)).name; }

std::optional<ReportMetric> report_metric_named(std::string_view name) {
  const auto found =
      std::find_if(kMetrics.begin(), kMetrics.end(), [&](const NamedMetric& each) { return each.name == name; });
  return found == kMetrics.end() ? std::nullopt : std::optional(found->metric);
}

std::optional<evaluation::LineMetric> line_metric_of(ReportMetric metric) {
  return metric == ReportMetric::bleu ? std::nullopt : evaluation::line_metric_named(name_of(metric));
}

std::vector<ReportMetric> default_report_metrics() {
  return {ReportMetric::bleu,       ReportMetric::bleu_longest,      ReportMetric::perplexity,
          ReportMetric::parameters, ReportMetric::tokens_per_second, ReportMetric::minutes};
}

}  // namespace regard::runs
