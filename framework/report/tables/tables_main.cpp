#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "framework/evaluation/metric.h"
#include "framework/report/analysis/diff_tokens.h"
#include "framework/report/analysis/score_buckets.h"
#include "framework/report/tables/cells.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

using runs::ReportMetric;

// The tokeniser that also scores a test set whose references are given in tokenised form.
constexpr const char* kTokenized = "none";
bool has_tokenized(const Analysis& analysis, const std::string& name) {
  const auto& tests = analysis.results->tests;
  return std::any_of(tests.begin(), tests.end(),
                     [&](const TestSet& test) { return test.name == name && !test.tokenized.empty(); });
}

bool any_tokenized(const Analysis& analysis) {
  const auto& tests = analysis.results->tests;
  return std::any_of(tests.begin(), tests.end(), [](const TestSet& test) { return !test.tokenized.empty(); });
}

std::string seeds_note(const Analysis& analysis) {
  Index fewest = static_cast<Index>(analysis.results->plan.seeds.size());
  Index most = 0;
  for (const SystemSummary& system : analysis.systems) {
    if (system.external) continue;
    fewest = std::min(fewest, static_cast<Index>(system.finished.size()));
    most = std::max(most, static_cast<Index>(system.finished.size()));
  }
  if (most == 0) return "No run has finished.";
  if (most == 1) return "One seed: the numbers do not show what another seed would give.";
  if (fewest == most) return fmt::format("Mean ± standard deviation over {} seeds.", most);
  return "Mean ± standard deviation over the seeds that finished (n).";
}

// Warns if text looks tokenised and BLEU tokenises it again; `regard score` gives the same warning.
std::vector<std::string> tokenized_notes(const Analysis& analysis) {
  std::vector<std::string> notes;
  if (analysis.tokenizer == kTokenized) return notes;
  for (const TestSet& test : analysis.results->tests) {
    std::vector<std::string> systems;
    for (const SystemSummary& system : analysis.systems) {
      const auto looks = [&](const Run* run) {
        const auto* lines = run->lines(test.name);
        return lines != nullptr && evaluation::looks_tokenized(*lines);
      };
      if (std::any_of(system.finished.begin(), system.finished.end(), looks)) systems.push_back(system.name);
    }
    if (systems.empty()) continue;
    notes.push_back(fmt::format(
        "Warning: on {}, 100 lines or more of {} end in ' .': this text looks tokenised, and BLEU {} is "
        "meant for detokenised text.",
        test.name, fmt::join(systems, ", "), analysis.tokenizer));
  }
  return notes;
}

std::vector<std::string> external_notes(const Analysis& analysis) {
  std::vector<std::string> notes;
  for (const SystemSummary& system : analysis.systems) {
    if (system.external)
      notes.push_back(fmt::format("{}: translations by another program; its cost is not known.", system.name));
  }
  return notes;
}

bool any_failed(const Analysis& analysis, const std::string& system) {
  const auto& runs = analysis.results->runs;
  return std::any_of(runs.begin(), runs.end(),
                     [&](const Run& run) { return run.system == system && run.state == RunState::failed; });
}

// Returns notes on missing results: one for each failed or unfinished run, and one for all runs that were not started.
std::vector<std::string> failure_notes(const Analysis& analysis) {
  std::vector<std::string> notes;
  std::string waiting;
  for (const SystemSummary& system : analysis.systems) {
    std::vector<Index> seeds;
    for (const Run& run : analysis.results->runs) {
      if (run.system != system.name || run.state == RunState::finished) continue;
      if (run.state == RunState::missing) {
        seeds.push_back(run.seed);
      } else {
        notes.push_back(fmt::format("{} with seed {}: {}.", run.system, run.seed, state_in_words(run)));
      }
    }
    if (seeds.empty()) continue;
    waiting += fmt::format("{}{} with seed{} {}", waiting.empty() ? "" : "; ", system.name,
                           seeds.size() == 1 ? "" : "s", fmt::join(seeds, ", "));
  }
  if (!waiting.empty()) notes.push_back(fmt::format("Not started: {}.", waiting));
  return notes;
}

// Attention of a plug-in whose `regard check` failed or was never run: a line for each system.
std::vector<std::string> check_notes(const Analysis& analysis) {
  std::vector<std::string> notes;
  for (const SystemSummary& system : analysis.systems) {
    for (const Run& run : analysis.results->runs) {
      if (run.system != system.name || !run.manifest) continue;
      for (const auto& [variant, outcome] : run.manifest->plugin_checks) {
        if (outcome == "passed") continue;
        notes.push_back(
            outcome == "never run"
                ? fmt::format("{}: the check of its plug-in was never run: regard check {} --plugin FILE.",
                              system.name, variant)
                : fmt::format("{}: its plug-in's {} fails `regard check`: {}.", system.name, variant, outcome));
      }
      break;  // its other seeds used the same library
    }
  }
  return notes;
}

void append(std::vector<std::string>& to, std::vector<std::string> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// A column, and its cell for the system at a place of analysis.systems.
struct MainColumn {
  Column column;
  std::function<Cell(std::size_t)> cell;
};

class MainColumns {
 public:
  explicit MainColumns(const Analysis& analysis) : analysis_(analysis) {
    if (!analysis.primary_test.empty()) tests_.push_back(analysis.primary_test);
    for (const TestSet& test : analysis.results->tests) {
      if (test.name != analysis.primary_test) tests_.push_back(test.name);
    }
    for (const ReportMetric metric : analysis.results->plan.metrics) add(metric);
  }

  [[nodiscard]] const std::vector<MainColumn>& all() const { return columns_; }

 private:
  void add(ReportMetric metric) {
    const auto& tokenizer = analysis_.tokenizer;
    switch (metric) {
      case ReportMetric::bleu:
        for (const std::string& test : tests_) add_bleu(test);
        return;
      case ReportMetric::bleu_longest:
        return add_longest();
      case ReportMetric::greedy_bleu:
        for (const std::string& test : tests_) {
          put("BLEU " + test + ", greedy", "", [&tokenizer, test](const SystemSummary& system) {
            return score_cell(spread_at(system.greedy_bleu.at(test), tokenizer));
          });
        }
        return;
      case ReportMetric::chrf2:
      case ReportMetric::ter:
      case ReportMetric::exact_match:
      case ReportMetric::token_accuracy:
      case ReportMetric::wer:
      case ReportMetric::cer:
      case ReportMetric::per:
      case ReportMetric::edit_distance:
        return of_tests(*runs::line_metric_of(metric));
      case ReportMetric::perplexity:
        return put("perplexity", "", [test = analysis_.primary_test](const SystemSummary& system) {
          return score_cell(spread_at(system.perplexity, test));
        });
      case ReportMetric::loss:
        return put("loss", "nats a token", [test = analysis_.primary_test](const SystemSummary& system) {
          const Spread loss = spread_at(system.loss, test);
          return spread_cell(loss, with_deviation(loss, 3));
        });
      case ReportMetric::parameters:
        return put("parameters", "", [](const SystemSummary& system) { return count_cell(system.parameters); });
      case ReportMetric::operations:
        return put("operations a target token", "millions",
                   [](const SystemSummary& system) { return decimal_cell(system.mflops_per_token, 2); });
      case ReportMetric::tokens_per_second:
        return put("target tokens/s", "",
                   [](const SystemSummary& system) { return count_cell(system.tokens_per_second); });
      case ReportMetric::minutes:
        return put("minutes", "",
                   [](const SystemSummary& system) { return decimal_cell(system.training_minutes, 2); });
      case ReportMetric::memory:
        return put("peak memory", "MiB",
                   [](const SystemSummary& system) { return count_cell(system.peak_memory_mib); });
    }
  }

  void put(std::string title, std::string unit, std::function<Cell(const SystemSummary&)> cell) {
    columns_.push_back({{std::move(title), std::move(unit), true},
                        [this, cell = std::move(cell)](std::size_t at) { return cell(analysis_.systems[at]); }});
  }

  void of_tests(evaluation::LineMetric metric) {
    const std::string name = evaluation::facts_of(metric).make()->name();
    for (const std::string& test : tests_) {
      put(name + " " + test, "", [test, metric](const SystemSummary& system) {
        return score_cell(spread_at(system.by_metric.at(metric), test));
      });
    }
  }

  void add_bleu(const std::string& test) {
    put("BLEU " + test, "", [this, test](const SystemSummary& system) {
      Cell cell = score_cell(spread_at(system.bleu.at(test), analysis_.tokenizer));
      const auto best = analysis_.best.find(test);
      cell.best = best != analysis_.best.end() && best->second == system.name;
      return cell;
    });
    if (!has_tokenized(analysis_, test)) return;
    put("BLEU " + test + ", lower-cased and tokenised", "",
        [test](const SystemSummary& system) { return score_cell(spread_at(system.bleu.at(test), kTokenized)); });
  }

  void add_longest() {
    const BucketSet* lengths = analysis_.cut_by(analysis_.primary_test, Property::source_length);
    if (!analysis_.long_test.empty() || lengths == nullptr || lengths->buckets.size() < 2) return;
    const ScoreBucket& longest = lengths->buckets.back();
    columns_.push_back({{fmt::format("BLEU {}, sources of {} {}", analysis_.primary_test,
                                     range_text(Property::source_length, longest), lengths->unit),
                         "", true},
                        [&longest](std::size_t at) { return score_cell(longest.bleu[at]); }});
  }

  const Analysis& analysis_;
  std::vector<std::string> tests_;  // the first one first
  std::vector<MainColumn> columns_;
};

}  // namespace

std::vector<evaluation::LineMetric> shown_line_metrics(const Analysis& analysis) {
  std::vector<evaluation::LineMetric> metrics;
  for (const ReportMetric shown : analysis.results->plan.metrics) {
    if (const auto metric = runs::line_metric_of(shown)) metrics.push_back(*metric);
  }
  std::sort(metrics.begin(), metrics.end());
  return metrics;
}

std::vector<std::string> signature_notes(const Analysis& analysis, bool all) {
  std::vector<std::string> notes;
  for (const auto& [tokenizer, signature] : analysis.signatures) {
    if (all || tokenizer == analysis.tokenizer) notes.push_back(fmt::format("BLEU {}: {}", tokenizer, signature));
  }
  for (const evaluation::LineMetric metric : shown_line_metrics(analysis)) {
    const auto scorer = evaluation::facts_of(metric).make();
    notes.push_back(fmt::format("{}: {}", scorer->name(), scorer->signature(1).text()));
  }
  return notes;
}

Table main_table(const Analysis& analysis) {
  Table table{"main", "Translation quality and cost", {{"system", "", false}}, {}, {}};
  const MainColumns columns(analysis);
  for (const MainColumn& each : columns.all()) table.columns.push_back(each.column);
  table.columns.push_back({"n", "", true});
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    const SystemSummary& system = analysis.systems[s];
    std::vector<Cell> row{text_cell(system.name)};
    for (const MainColumn& each : columns.all()) row.push_back(each.cell(s));
    row.push_back(
        number_cell(fmt::format("{}", system.finished.size()), static_cast<double>(system.finished.size())));
    if (system.finished.empty() && any_failed(analysis, system.name))
      row[1].text = "failed";  // instead of a blank
    table.rows.push_back(std::move(row));
  }
  table.notes.push_back(seeds_note(analysis));
  if (analysis.results->tests.empty()) table.notes.emplace_back("The plan has no test set, so there is no BLEU.");
  if (!analysis.best.empty())
    table.notes.emplace_back("Bold: the best, if it is distinguishable from the next (p < 0.05).");
  append(table.notes, tokenized_notes(analysis));
  append(table.notes, external_notes(analysis));
  append(table.notes, signature_notes(analysis, any_tokenized(analysis)));
  const TestSet* primary = analysis.test(analysis.primary_test);
  if (primary != nullptr && writes_no_spaces(primary->target)) {
    table.notes.push_back(
        fmt::format("The target is written without spaces, but BLEU {} treats the text between spaces as "
                    "one word: use chrF2 by length below, or `regard score --tok char` on hypotheses/.",
                    analysis.tokenizer));
  }
  append(table.notes, check_notes(analysis));
  append(table.notes, failure_notes(analysis));
  return table;
}

}  // namespace regard::report
