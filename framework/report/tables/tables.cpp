// Over 350 lines: one function for each table of the page, in the page's order.
#include "framework/report/tables/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/report/analysis/score_buckets.h"
#include "framework/report/escape.h"
#include "framework/report/tables/cells.h"

namespace regard::report {
namespace {

constexpr double kSmallestPairP = 1.0 / 1001;  // of sacreBLEU's paired bootstrap with 1000 resamples

}  // namespace

Table scores_table(const Analysis& analysis) {
  Table table{"scores",
              "Every score",
              {{"system", "", false},
               {"test set", "", false},
               {"tokeniser", "", false},
               {"BLEU, beam", "", true},
               {"BLEU, greedy", "", true},
               {"perplexity", "", true},
               {"loss", "nats a token", true}},
              {},
              {}};
  const std::vector<evaluation::LineMetric> metrics = shown_line_metrics(analysis);
  for (const evaluation::LineMetric metric : metrics)
    table.columns.push_back({evaluation::facts_of(metric).make()->name() + ", beam", "", true});
  table.columns.push_back({"n", "", true});
  for (const SystemSummary& system : analysis.systems) {
    for (const TestSet& test : analysis.results->tests) {
      for (const auto& [tokenizer, signature] : analysis.signatures) {
        const auto n = static_cast<double>(system.finished.size());
        const Spread loss = spread_at(system.loss, test.name);
        std::vector<Cell> row{text_cell(system.name),
                              text_cell(test.name),
                              text_cell(tokenizer),
                              score_cell(spread_at(system.bleu.at(test.name), tokenizer)),
                              score_cell(spread_at(system.greedy_bleu.at(test.name), tokenizer)),
                              score_cell(spread_at(system.perplexity, test.name)),
                              spread_cell(loss, with_deviation(loss, 3))};
        for (const evaluation::LineMetric metric : metrics)
          row.push_back(score_cell(spread_at(system.by_metric.at(metric), test.name)));
        row.push_back(number_cell(fmt::format("{}", system.finished.size()), n));
        table.rows.push_back(std::move(row));
      }
    }
  }
  table.notes = signature_notes(analysis, true);
  return table;
}

Table claims_table(const Analysis& analysis) {
  Table table{"claims",
              fmt::format("Differences in BLEU from {}", analysis.results->plan.baseline),
              {{"system", "", false},
               {"test set", "", false},
               {"difference", "", true},
               {"the method: 95 % interval", "", true},
               {"p, Holm", "", true},
               {"these models: 95 % interval", "", true},
               {"p", "", true},
               {"correlation of seeds", "", true},
               {"variance, paired over unpaired", "", true}},
              {},
              {}};
  for (const Comparison& comparison : analysis.comparisons) {
    if (comparison.seeds.empty()) continue;
    const evaluation::Comparison& c = comparison.numbers;
    const auto interval = [](double low, double high) {
      return text_cell(fmt::format("[{}, {}]", fixed(low, 2), fixed(high, 2)));
    };
    std::vector<Cell> row{text_cell(comparison.system), text_cell(comparison.test),
                          spread_cell(comparison.difference, signed_fixed(comparison.difference.mean, 2))};
    row.push_back(c.method ? interval(c.method->low, c.method->high)
                           : text_cell(comparison.external ? "no seeds" : "one seed"));
    row.push_back(c.holm_p_value ? number_cell(p_text(*c.holm_p_value), *c.holm_p_value) : text_cell("–"));
    row.push_back(interval(c.models.low, c.models.high));
    row.push_back(number_cell(p_text(c.models.p_value, c.models.smallest_p), c.models.p_value));
    row.push_back(c.pairing ? number_cell(fixed(c.pairing->correlation, 2), c.pairing->correlation)
                            : text_cell("–"));
    row.push_back(c.pairing ? number_cell(fixed(c.pairing->variance_ratio, 2), c.pairing->variance_ratio)
                            : text_cell("–"));
    table.rows.push_back(std::move(row));
  }
  table.notes = {
      "The method: for training again with other seeds and testing on other sentences of this kind; "
      "t interval of the paired differences, p corrected over the systems of a test set (Holm).",
      "These models: for the same trained models on other sentences; "
      "bootstrap over sentences of the difference of the seeds' means.",
      "Last column below 1: the pairing of seeds reduced the variance."};
  return table;
}

Table pairs_table(const Analysis& analysis) {
  Table table{
      "pairs",
      "Each pair of runs with one seed (sacreBLEU's paired bootstrap)",
      {{"system", "", false},
       {"test set", "", false},
       {"seed", "", true},
       {"BLEU", "", true},
       {"BLEU of the baseline", "", true},
       {"p", "", true}},
      {},
      {"1000 resamples, seed 12345. Each p-value is for two models and does not show what other seeds would give.",
       "They differ from the p of these models above because sacreBLEU counts the resamples in which the difference is "
       "further from its mean than from 0; if no resample distinguishes two runs, p is 1 (1/1001 by its formula)."}};
  for (const Comparison& comparison : analysis.comparisons) {
    for (std::size_t i = 0; i < comparison.seeds.size(); ++i) {
      const double ours = comparison.numbers.scores[i];
      const double theirs = comparison.numbers.baseline_scores[i];
      table.rows.push_back(
          {text_cell(comparison.system), text_cell(comparison.test),
           number_cell(fmt::format("{}", comparison.seeds[i]), static_cast<double>(comparison.seeds[i])),
           number_cell(fixed(ours, 2), ours), number_cell(fixed(theirs, 2), theirs),
           number_cell(p_text(comparison.pair_p_values[i], kSmallestPairP), comparison.pair_p_values[i])});
    }
  }
  return table;
}

// Has one row for each system, as every other table: with many systems it becomes long, not wide.
Table bucket_table(const Analysis& analysis, const std::string& test, const BucketSet& set, BucketMetric metric) {
  const bool bleu = metric == BucketMetric::bleu;
  const std::string& unit = set.unit;
  Table table{fmt::format("{}-{}{}", id_of(set.property), bleu ? "" : "chrf-", file_stem(test)),
              fmt::format("{} by {}{} on {}", bleu ? "BLEU" : "chrF2", name_of(set.property),
                          unit.empty() ? unit : fmt::format(" ({})", unit), test),
              {{"system", "", false}},
              {},
              {}};
  for (const ScoreBucket& bucket : set.buckets)
    table.columns.push_back({range_text(set.property, bucket), fmt::format("n {}", bucket.sentences), true});
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    std::vector<Cell> row{text_cell(analysis.systems[s].name)};
    for (const ScoreBucket& bucket : set.buckets) {
      const Spread& score = bleu ? bucket.bleu[s] : bucket.chrf[s];
      const evaluation::Interval& interval = bleu ? bucket.bleu_interval[s] : bucket.chrf_interval[s];
      row.push_back(spread_cell(score, score.n == 0
                                           ? "–"
                                           : fmt::format("{} [{}, {}]", fixed(score.mean, 1),
                                                         fixed(interval.low, 1), fixed(interval.high, 1))));
    }
    table.rows.push_back(std::move(row));
  }
  table.notes.emplace_back("Mean over seeds; brackets: 95 % interval, sentences resampled; n: sentences.");
  if (set.property == Property::rarest_word) {
    table.notes.emplace_back(
        "The rank of the reference's rarest token among the target words of training; "
        "1: the most frequent. Words that are not in training have the last rank.");
  }
  if (set.property == Property::word_order)
    table.notes.emplace_back("The share of pairs of gold links that cross; 0: the same order in both languages.");
  return table;
}

std::vector<Table> bucket_tables(const Analysis& analysis, const std::string& test) {
  std::vector<Table> tables;
  const auto found = analysis.buckets.find(test);
  if (found == analysis.buckets.end()) return tables;
  for (const BucketSet& set : found->second) {
    for (const BucketMetric metric : {BucketMetric::bleu, BucketMetric::chrf})
      tables.push_back(bucket_table(analysis, test, set, metric));
  }
  return tables;
}

// Returns a sentence on what is equal for all systems: the keys of the plan except those that systems override.
std::string budget_summary(const Analysis& analysis) {
  std::vector<std::string> keys;
  for (const runs::SystemFacts& system : analysis.results->plan.systems) {
    for (const auto& [key, value] : system.differences) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  const std::string but = keys.empty() ? "every key of the plan"
                                       : fmt::format("every key of the plan except {}", fmt::join(keys, ", "));
  const runs::PlanFacts& plan = analysis.results->plan;
  const runs::Budget budget = runs::budget_of(plan);
  std::vector<std::string> free;
  if (!budget.parameters) free.emplace_back("parameters");
  free.emplace_back("operations");
  if (budget.minutes <= 0) free.emplace_back("time");
  std::string unequal = free.front();
  for (std::size_t i = 1; i < free.size(); ++i) unequal += (i + 1 < free.size() ? ", " : " and ") + free[i];
  const std::string by_budget =
      plan.budget_summary.empty() ? "" : fmt::format("; by the budget {}", plan.budget_summary);
  return fmt::format(
      "Equal for all systems: {}{}; also data and its order, seeds and initial values of shared parameters. Not "
      "equal: {}.",
      but, by_budget, unequal);
}

Table cost_table(const Analysis& analysis) {
  Table table{"cost",
              "Cost",
              {{"system", "", false},
               {"parameters", "", true},
               {"operations a target token", "millions", true},
               {"target tokens/s in training", "", true},
               {"training", "min", true},
               {"to the best checkpoint", "min", true},
               {"best epoch", "", true},
               {"decoding", "sentences/s", true},
               {"peak memory", "MiB", true}},
              {},
              {}};
  for (const SystemSummary& system : analysis.systems) {
    table.rows.push_back({text_cell(system.name), count_cell(system.parameters),
                          decimal_cell(system.mflops_per_token, 2), count_cell(system.tokens_per_second),
                          decimal_cell(system.training_minutes, 2), decimal_cell(system.minutes_to_best, 2),
                          decimal_cell(system.best_epoch, 1), count_cell(system.decoding_speed),
                          count_cell(system.peak_memory_mib)});
  }
  table.notes = {
      "Means over the runs that finished; minutes are wall-clock time of training only; decoding is with beam search.",
      "Operations: of the matrix products in a forward pass, for sentences as "
      "long as those of training; training needs about three times as many.",
      budget_summary(analysis)};
  return table;
}

}  // namespace regard::report
