#include "framework/report/analysis/comparisons.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/evaluation/bleu.h"
#include "framework/report/analysis/reservations.h"

namespace regard::report {
namespace {

constexpr double kLevel = 0.05;

void find_best(Analysis& analysis, const evaluation::Metric& metric, const TestSet& test,
               const RunStatistics& statistics) {
  std::vector<const SystemSummary*> order;
  const auto score = [&](const SystemSummary* system) {
    return system->bleu.at(test.name).at(analysis.tokenizer).mean;
  };
  for (const SystemSummary& system : analysis.systems) {
    if (system.bleu.at(test.name).count(analysis.tokenizer) > 0) order.push_back(&system);
  }
  if (order.size() < 2) return;
  std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) { return score(a) > score(b); });
  const Comparison first = compare_systems(metric, *order[0], *order[1], test, statistics);
  if (first.numbers.method && first.numbers.method->p_value < kLevel) analysis.best[test.name] = order[0]->name;
}

}  // namespace

std::string baseline_note(const runs::PlanFacts& plan) {
  if (plan.planned_baseline.empty()) return "";
  return fmt::format(
      "The reader chose the baseline {}; the plan's is {}. A choice made after the results were seen is not counted in "
      "these p-values. Those of every pair count all choices.",
      plan.baseline, plan.planned_baseline);
}

std::string verdict(const Comparison& comparison) {
  if (comparison.seeds.empty()) {
    return fmt::format("{} cannot be compared with {} on {}: {}.", comparison.system, comparison.baseline,
                       comparison.test,
                       comparison.external ? "one of them has no translations of it" : "no seed finished in both");
  }
  return fmt::format(
      "On {}, {}.", comparison.test,
      in_words(comparison.system, comparison.baseline, "BLEU", comparison.numbers, comparison.sentences));
}

evaluation::Bleu bleu_with(const std::string& tokenizer) {
  evaluation::BleuOptions options;
  options.tokenizer = evaluation::tokenizer_named(tokenizer);
  return evaluation::Bleu(options);
}

Comparison paired(const SystemSummary& system, const SystemSummary& baseline, const TestSet& test) {
  Comparison comparison;
  comparison.system = system.name;
  comparison.baseline = baseline.name;
  comparison.test = test.name;
  comparison.sentences = static_cast<Index>(test.target.size());
  comparison.external = system.external || baseline.external;
  return comparison;
}

void complete(Comparison& comparison, const evaluation::RunScores& scores, std::span<const std::size_t> system,
              std::span<const std::size_t> baseline) {
  if (system.empty()) return;
  comparison.numbers = scores.compare(system, baseline);
  if (comparison.external) {
    // Repeating the same translations for each seed shows nothing about training again.
    comparison.numbers.method.reset();
    comparison.numbers.pairing.reset();
  }
  std::vector<double> differences;
  for (std::size_t i = 0; i < system.size(); ++i) {
    differences.push_back(comparison.numbers.scores[i] - comparison.numbers.baseline_scores[i]);
    comparison.pair_p_values.push_back(scores.pair_p_value(system[i], baseline[i]));
  }
  comparison.difference = spread(differences);
}

Comparison compare_systems(const evaluation::Metric& metric, const SystemSummary& system,
                           const SystemSummary& baseline, const TestSet& test, const RunStatistics& statistics) {
  Comparison comparison = paired(system, baseline, test);
  evaluation::Runs runs;
  std::vector<std::size_t> ours;
  std::vector<std::size_t> theirs;
  for (const Run* run : system.finished) {
    for (const Run* other : baseline.finished) {
      if (!comparison.external && other->seed != run->seed) continue;
      if (statistics.count(run) == 0 || statistics.count(other) == 0) continue;
      comparison.seeds.push_back(system.external ? other->seed : run->seed);
      ours.push_back(runs.size());
      runs.push_back(&statistics.at(run));
      theirs.push_back(runs.size());
      runs.push_back(&statistics.at(other));
    }
  }
  complete(comparison, evaluation::RunScores(metric, runs), ours, theirs);
  return comparison;
}

void correct_for_all(const std::vector<Comparison*>& comparisons) {
  std::vector<double> p_values;
  for (const Comparison* comparison : comparisons) {
    if (comparison->numbers.method) p_values.push_back(comparison->numbers.method->p_value);
  }
  const std::vector<double> corrected = evaluation::holm(p_values);
  std::size_t next = 0;
  for (Comparison* comparison : comparisons) {
    if (comparison->numbers.method) comparison->numbers.holm_p_value = corrected[next++];
  }
}

RunStatistics bleu_statistics(const TestSet& test, const std::vector<SystemSummary>& systems,
                              const std::string& tokenizer) {
  const evaluation::Bleu bleu = bleu_with(tokenizer);
  RunStatistics statistics;
  for (const SystemSummary& system : systems) {
    for (const Run* run : system.finished) {
      if (const auto* lines = run->lines(test.name))
        statistics.emplace(run, bleu.statistics(*lines, {test.target}));
    }
  }
  return statistics;
}

void add_comparisons(Analysis& analysis, const TestSet& test, const RunStatistics& statistics) {
  const SystemSummary* baseline = analysis.baseline();
  if (baseline == nullptr) return;
  const evaluation::Bleu bleu = bleu_with(analysis.tokenizer);
  const std::size_t first = analysis.comparisons.size();
  for (const SystemSummary& system : analysis.systems) {
    if (&system == baseline) continue;
    analysis.comparisons.push_back(compare_systems(bleu, system, *baseline, test, statistics));
  }
  std::vector<Comparison*> added;
  for (std::size_t i = first; i < analysis.comparisons.size(); ++i) added.push_back(&analysis.comparisons[i]);
  correct_for_all(added);
  for (Comparison* comparison : added) {
    comparison->verdict = verdict(*comparison);
    if (test.name != analysis.primary_test) continue;
    comparison->reservations =
        reservations_of(*analysis.results, comparison->system, comparison->baseline, comparison->difference.mean);
  }
  find_best(analysis, bleu, test, statistics);
}

}  // namespace regard::report
