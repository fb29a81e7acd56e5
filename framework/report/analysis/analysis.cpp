#include "framework/report/analysis/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "framework/report/analysis/comparisons.h"
#include "framework/report/analysis/pairs.h"
#include "framework/report/analysis/score_buckets.h"

namespace regard::report {
namespace {

bool is_long(const std::string& test) { return test.ends_with("_long"); }

// Returns the spread of `value` over the finished runs. Runs for which `value` returns nothing are left out.
Spread over(const std::vector<const Run*>& runs, const std::function<std::optional<double>(const Run&)>& value) {
  std::vector<double> values;
  for (const Run* run : runs) {
    if (const std::optional<double> got = value(*run)) values.push_back(*got);
  }
  return spread(values);
}

std::optional<double> minutes_to_best(const Run& run) {
  for (const TimingEntry& entry : run.timing) {
    if (entry.update == run.status.best_update) return entry.seconds / 60;
  }
  return std::nullopt;
}

// Returns the speed of beam search over all test sets; a test set that was decoded several times counts each time.
std::optional<double> decoding_speed(const Run& run) {
  if (!run.manifest || run.manifest->decoding_seconds <= 0) return std::nullopt;
  double sentences = 0;
  for (const auto& [test, times] : run.manifest->decoded) {
    const auto scores = run.scores.tests.find(test);
    if (scores != run.scores.tests.end())
      sentences += static_cast<double>(times) * static_cast<double>(scores->second.sentences);
  }
  return sentences / run.manifest->decoding_seconds;
}

std::map<std::string, Spread> by_tokenizer(const std::vector<const Run*>& runs, const std::string& test,
                                           std::map<std::string, runs::BleuScore> runs::TestScores::*which) {
  std::map<std::string, std::vector<double>> values;
  for (const Run* run : runs) {
    const auto scores = run->scores.tests.find(test);
    if (scores == run->scores.tests.end()) continue;
    for (const auto& [tokenizer, bleu] : scores->second.*which) values[tokenizer].push_back(bleu.score);
  }
  std::map<std::string, Spread> spreads;
  for (const auto& [tokenizer, scores] : values) spreads[tokenizer] = spread(scores);
  return spreads;
}

// Of the beam's lines, run by run.
std::map<std::string, Spread> scored(const std::vector<const Run*>& runs, const std::vector<TestSet>& tests,
                                     const evaluation::Metric& metric) {
  std::map<std::string, Spread> spreads;
  for (const TestSet& test : tests) {
    spreads[test.name] = over(runs, [&](const Run& run) -> std::optional<double> {
      const auto* lines = run.lines(test.name);
      if (lines == nullptr) return std::nullopt;
      return metric.score(metric.statistics(*lines, {test.target}).sum());
    });
  }
  return spreads;
}

SystemSummary summarise(const Results& results, const runs::SystemFacts& facts) {
  SystemSummary system;
  system.name = facts.name;
  system.external = facts.external;
  for (const Run& run : results.runs) {
    if (run.system == facts.name && run.state == RunState::finished) system.finished.push_back(&run);
  }
  const std::vector<const Run*>& runs = system.finished;
  for (const TestSet& test : results.tests) {
    system.bleu[test.name] = by_tokenizer(runs, test.name, &runs::TestScores::bleu);
    system.greedy_bleu[test.name] = by_tokenizer(runs, test.name, &runs::TestScores::greedy_bleu);
    if (system.external) continue;
    system.perplexity[test.name] =
        over(runs, [&](const Run& run) { return run.scores.tests.at(test.name).perplexity; });
    system.loss[test.name] = over(runs, [&](const Run& run) { return run.scores.tests.at(test.name).loss; });
  }
  for (const runs::ReportMetric shown : results.plan.metrics) {
    if (const auto metric = runs::line_metric_of(shown))
      system.by_metric[*metric] = scored(runs, results.tests, *evaluation::facts_of(*metric).make());
  }
  if (system.external) return system;
  const auto of_manifest = [&](auto value) {
    return over(runs, [&](const Run& run) -> std::optional<double> {
      if (!run.manifest) return std::nullopt;
      return value(*run.manifest);
    });
  };
  using runs::Manifest;
  system.best_epoch = over(runs, [](const Run& run) { return static_cast<double>(run.status.best_epoch); });
  system.parameters = of_manifest([](const Manifest& m) { return static_cast<double>(m.parameters); });
  system.tokens_per_second = of_manifest([](const Manifest& m) { return m.target_tokens_per_second; });
  system.training_minutes = of_manifest([](const Manifest& m) { return m.training_seconds / 60; });
  system.minutes_to_best = over(runs, minutes_to_best);
  system.decoding_seconds = of_manifest([](const Manifest& m) { return m.decoding_seconds; });
  system.decoding_speed = over(runs, decoding_speed);
  system.mflops_per_token = over(runs, [](const Run& run) -> std::optional<double> {
    if (!run.manifest || run.manifest->flops_per_token <= 0) return std::nullopt;
    return run.manifest->flops_per_token / 1e6;
  });
  system.peak_memory_mib =
      of_manifest([](const Manifest& m) { return static_cast<double>(m.peak_memory_bytes) / (1024 * 1024); });
  return system;
}

}  // namespace

const SystemSummary* Analysis::baseline() const {
  for (const SystemSummary& system : systems) {
    if (system.name == results->plan.baseline) return &system;
  }
  return nullptr;
}

const TestSet* Analysis::test(const std::string& name) const {
  for (const TestSet& test : results->tests) {
    if (test.name == name) return &test;
  }
  return nullptr;
}

const BucketSet* Analysis::cut_by(const std::string& test, Property property) const {
  const auto sets = buckets.find(test);
  if (sets == buckets.end()) return nullptr;
  for (const BucketSet& set : sets->second) {
    if (set.property == property) return &set;
  }
  return nullptr;
}

Analysis analyse(const Results& results, Claims claims) {
  Analysis analysis;
  analysis.results = &results;
  for (const TestSet& test : results.tests) {
    if (is_long(test.name) && analysis.long_test.empty()) analysis.long_test = test.name;
    const bool first = analysis.primary_test.empty() && !is_long(test.name);
    if (first || test.name == "test") analysis.primary_test = test.name;
  }
  if (analysis.primary_test.empty() && !results.tests.empty()) analysis.primary_test = results.tests.front().name;
  for (const runs::SystemFacts& system : results.plan.systems) {
    analysis.systems.push_back(summarise(results, system));
  }
  for (const Run& run : results.runs) {
    for (const auto& [test, scores] : run.scores.tests) {
      for (const auto& [tokenizer, bleu] : scores.bleu) analysis.signatures[tokenizer] = bleu.signature;
    }
  }
  const bool has_13a = analysis.signatures.count("13a") > 0 || analysis.signatures.empty();
  analysis.tokenizer = has_13a ? "13a" : analysis.signatures.begin()->first;
  for (const TestSet& test : results.tests) {
    const RunStatistics statistics = bleu_statistics(test, analysis.systems, analysis.tokenizer);
    analysis.buckets[test.name] = cut(results, test, analysis.systems, analysis.tokenizer, statistics);
    if (claims == Claims::skip) continue;
    add_comparisons(analysis, test, statistics);
    analysis.pairs.push_back(
        compare_all(bleu_with(analysis.tokenizer), analysis.systems, test, analysis.tokenizer, statistics));
    add_attention(analysis.attention, test, analysis.systems);
  }
  if (claims == Claims::make) add_interventions(analysis);
  return analysis;
}

std::string state_in_words(const Run& run) {
  switch (run.state) {
    case RunState::missing:
      return "not started";
    case RunState::unfinished:
      return run.history.empty() ? "unfinished"
                                 : fmt::format("unfinished (epoch {}, update {})", run.history.back().epoch,
                                               run.history.back().update);
    case RunState::failed:
      return fmt::format("failed: {}", run.reason);
    case RunState::finished:
      return "finished";
  }
  return "";
}

}  // namespace regard::report
