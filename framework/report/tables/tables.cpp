// Over 350 lines: one function for each table of the page, in the page's order.
#include "framework/report/tables/tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/evaluation/metric.h"
#include "framework/report/analysis/diff_tokens.h"
#include "framework/report/analysis/score_buckets.h"
#include "framework/report/escape.h"
#include "framework/report/tables/cells.h"

namespace regard::report {
namespace {

Spread at(const std::map<std::string, Spread>& spreads, const std::string& key) {
  const auto found = spreads.find(key);
  return found == spreads.end() ? Spread{} : found->second;
}

constexpr double kSmallestPairP = 1.0 / 1001;  // of sacreBLEU's paired bootstrap with 1000 resamples

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

std::vector<std::string> signature_notes(const Analysis& analysis, bool all) {
  std::vector<std::string> notes;
  for (const auto& [tokenizer, signature] : analysis.signatures) {
    if (all || tokenizer == analysis.tokenizer) notes.push_back(fmt::format("BLEU {}: {}", tokenizer, signature));
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

}  // namespace

Table main_table(const Analysis& analysis) {
  Table table{"main", "Translation quality and cost", {{"system", "", false}}, {}, {}};
  std::vector<std::string> tests;
  if (!analysis.primary_test.empty()) tests.push_back(analysis.primary_test);
  for (const TestSet& test : analysis.results->tests) {
    if (test.name != analysis.primary_test) tests.push_back(test.name);
  }
  for (const std::string& test : tests) {
    table.columns.push_back({"BLEU " + test, "", true});
    if (has_tokenized(analysis, test))
      table.columns.push_back({"BLEU " + test + ", lower-cased and tokenised", "", true});
  }
  const BucketSet* lengths = analysis.cut_by(analysis.primary_test, Property::source_length);
  const bool longest = analysis.long_test.empty() && lengths != nullptr && lengths->buckets.size() > 1;
  if (longest) {
    table.columns.push_back(
        {fmt::format("BLEU {}, sources of {} {}", analysis.primary_test,
                     range_text(Property::source_length, lengths->buckets.back()), lengths->unit),
         "", true});
  }
  table.columns.insert(table.columns.end(), {{"perplexity", "", true},
                                             {"parameters", "", true},
                                             {"target tokens/s", "", true},
                                             {"minutes", "", true},
                                             {"n", "", true}});
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    const SystemSummary& system = analysis.systems[s];
    std::vector<Cell> row{text_cell(system.name)};
    for (const std::string& test : tests) {
      row.push_back(score_cell(at(system.bleu.at(test), analysis.tokenizer)));
      const auto best = analysis.best.find(test);
      row.back().best = best != analysis.best.end() && best->second == system.name;
      if (has_tokenized(analysis, test)) row.push_back(score_cell(at(system.bleu.at(test), kTokenized)));
    }
    if (longest) row.push_back(score_cell(lengths->buckets.back().bleu[s]));
    row.push_back(score_cell(at(system.perplexity, analysis.primary_test)));
    row.push_back(count_cell(system.parameters));
    row.push_back(count_cell(system.tokens_per_second));
    row.push_back(decimal_cell(system.training_minutes, 2));
    row.push_back(
        number_cell(fmt::format("{}", system.finished.size()), static_cast<double>(system.finished.size())));
    if (system.finished.empty() && any_failed(analysis, system.name))
      row[1].text = "failed";  // instead of a blank
    table.rows.push_back(std::move(row));
  }
  table.notes.push_back(seeds_note(analysis));
  if (tests.empty()) table.notes.emplace_back("The plan has no test set, so there is no BLEU.");
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

Table scores_table(const Analysis& analysis) {
  Table table{"scores",
              "Every score",
              {{"system", "", false},
               {"test set", "", false},
               {"tokeniser", "", false},
               {"BLEU, beam", "", true},
               {"BLEU, greedy", "", true},
               {"perplexity", "", true},
               {"loss", "nats a token", true},
               {"n", "", true}},
              {},
              {}};
  for (const SystemSummary& system : analysis.systems) {
    for (const TestSet& test : analysis.results->tests) {
      for (const auto& [tokenizer, signature] : analysis.signatures) {
        const auto n = static_cast<double>(system.finished.size());
        table.rows.push_back(
            {text_cell(system.name), text_cell(test.name), text_cell(tokenizer),
             score_cell(at(system.bleu.at(test.name), tokenizer)),
             score_cell(at(system.greedy_bleu.at(test.name), tokenizer)),
             score_cell(at(system.perplexity, test.name)),
             spread_cell(at(system.loss, test.name), with_deviation(at(system.loss, test.name), 3)),
             number_cell(fmt::format("{}", system.finished.size()), n)});
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
