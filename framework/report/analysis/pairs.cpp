#include "framework/report/analysis/pairs.h"

#include <algorithm>

#include "framework/evaluation/run_scores.h"
#include "framework/report/analysis/comparisons.h"

namespace regard::report {
namespace {

// A run and its position in the scores.
struct Scored {
  const Run* run = nullptr;
  std::size_t at = 0;
};
using ScoredRuns = std::vector<Scored>;

}  // namespace

const Comparison* PairAnalysis::of(const std::string& system, const std::string& other) const {
  for (const Comparison& pair : pairs) {
    if ((pair.system == system && pair.baseline == other) || (pair.system == other && pair.baseline == system))
      return &pair;
  }
  return nullptr;
}

std::vector<Rank> rank(const PairAnalysis& pairs, const std::vector<std::pair<std::string, double>>& means) {
  // Systems that have a claim about the method with another one.
  std::vector<Rank> ranking;
  for (const auto& [name, mean] : means) {
    const auto has_claim = [&name = name](const Comparison& pair) {
      return pair.numbers.method && (pair.system == name || pair.baseline == name);
    };
    if (std::any_of(pairs.pairs.begin(), pairs.pairs.end(), has_claim))
      ranking.push_back({name, mean, true, "", 1});
  }
  std::stable_sort(ranking.begin(), ranking.end(), [](const Rank& a, const Rank& b) { return a.mean > b.mean; });
  const auto others = static_cast<double>(ranking.size()) - 1;
  for (const Comparison& pair : pairs.pairs) {
    if (!pair.numbers.method) continue;
    const bool baseline_loses = pair.numbers.method->difference > 0;
    const std::string& loser = baseline_loses ? pair.baseline : pair.system;
    const std::string& winner = baseline_loses ? pair.system : pair.baseline;
    const double p = std::min(1.0, others * pair.numbers.method->p_value / 2);
    const auto found =
        std::find_if(ranking.begin(), ranking.end(), [&](const Rank& rank) { return rank.system == loser; });
    if (p > kBestLevel || p >= found->p_value) continue;
    found->may_be_best = false;
    found->beaten_by = winner;
    found->p_value = p;
  }
  return ranking;
}

PairAnalysis compare_all(const evaluation::Metric& metric, const std::vector<SystemSummary>& systems,
                         const TestSet& test, const std::string& tokenizer, const RunStatistics& statistics) {
  PairAnalysis out;
  out.test = test.name;
  evaluation::Runs runs;
  std::vector<ScoredRuns> scored;
  std::vector<std::pair<std::string, double>> means;
  for (const SystemSummary& system : systems) {
    scored.emplace_back();
    for (const Run* run : system.finished) {
      const auto found = statistics.find(run);
      if (found == statistics.end()) continue;
      scored.back().push_back({run, runs.size()});
      runs.push_back(&found->second);
    }
    const auto by_tokenizer = system.bleu.find(test.name);
    if (by_tokenizer != system.bleu.end() && by_tokenizer->second.contains(tokenizer))
      means.emplace_back(system.name, by_tokenizer->second.at(tokenizer).mean);
  }
  const evaluation::RunScores scores(metric, runs);
  for (std::size_t b = 0; b < systems.size(); ++b) {
    for (std::size_t a = b + 1; a < systems.size(); ++a) {
      Comparison pair = paired(systems[a], systems[b], test);
      std::vector<std::size_t> ours;
      std::vector<std::size_t> theirs;
      for (const Scored& one : scored[a]) {
        for (const Scored& other : scored[b]) {
          if (!pair.external && other.run->seed != one.run->seed) continue;
          pair.seeds.push_back(systems[a].external ? other.run->seed : one.run->seed);
          ours.push_back(one.at);
          theirs.push_back(other.at);
        }
      }
      complete(pair, scores, ours, theirs);
      out.pairs.push_back(std::move(pair));
    }
  }
  std::vector<Comparison*> all;
  for (Comparison& pair : out.pairs) all.push_back(&pair);
  correct_for_all(all);
  for (Comparison& pair : out.pairs) pair.verdict = verdict(pair);
  out.compared = std::count_if(out.pairs.begin(), out.pairs.end(),
                               [](const Comparison& pair) { return pair.numbers.method.has_value(); });
  out.ranking = rank(out, means);
  return out;
}

}  // namespace regard::report
