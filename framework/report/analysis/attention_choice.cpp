#include "framework/report/analysis/attention_choice.h"

#include <algorithm>
#include <map>

#include "framework/evaluation/text.h"

namespace regard::report {
namespace {

using runs::AttentionExample;

const AttentionExample* example_of(const Run& run, const std::string& test, Index sentence) {
  const auto found = run.attention.find(test);
  if (found == run.attention.end()) return nullptr;
  const auto at = std::find_if(found->second.begin(), found->second.end(),
                               [&](const AttentionExample& example) { return example.index == sentence; });
  return at == found->second.end() ? nullptr : &*at;
}

const Run* run_of(const SystemSummary& system, Index seed) {
  const auto at = std::find_if(system.finished.begin(), system.finished.end(),
                               [&](const Run* run) { return run->seed == seed; });
  return at == system.finished.end() ? nullptr : *at;
}

// Returns the first seed that all systems with attention weights finished.
std::optional<Index> common_seed(const Analysis& analysis) {
  for (const Index seed : analysis.results->plan.seeds) {
    bool any = false;
    bool all = true;
    for (const SystemSummary& system : analysis.systems) {
      const bool keeps = std::any_of(system.finished.begin(), system.finished.end(),
                                     [](const Run* run) { return !run->attention.empty(); });
      if (!keeps) continue;
      any = true;
      const Run* run = run_of(system, seed);
      all = all && run != nullptr && !run->attention.empty();
    }
    if (any && all) return seed;
  }
  return std::nullopt;
}

// Returns the sentences of `test` whose weights are kept by every system that keeps weights.
std::vector<AttentionChoice> candidates(const Analysis& analysis, const TestSet& test, Index seed) {
  std::vector<AttentionChoice> found;
  for (Index sentence = 0; sentence < static_cast<Index>(test.source.size()); ++sentence) {
    AttentionChoice choice{&test, sentence, seed, "", {}};
    bool any = false;
    bool all = true;
    for (const SystemSummary& system : analysis.systems) {
      const Run* run = run_of(system, seed);
      const bool keeps = run != nullptr && !run->attention.empty();
      choice.shown.push_back(keeps ? example_of(*run, test.name, sentence) : nullptr);
      any = any || choice.shown.back() != nullptr;
      all = all && (!keeps || choice.shown.back() != nullptr);
    }
    if (any && all) found.push_back(std::move(choice));
  }
  return found;
}

bool neighbours_swap(const evaluation::Links& links) {
  std::map<Index, std::vector<Index>> targets;
  std::map<Index, Index> sources;
  for (const auto& [s, t] : links) {
    targets[s].push_back(t);
    ++sources[t];
  }
  for (const auto& [s, ts] : targets) {
    const auto next = targets.find(s + 1);
    if (next == targets.end() || ts.size() != 1 || next->second.size() != 1) continue;
    if (ts[0] == next->second[0] + 1 && sources[ts[0]] == 1 && sources[next->second[0]] == 1) return true;
  }
  return false;
}

// Returns the longest step back, from one target token to the next, of the source position with the largest weight.
double longest_step_back(const AttentionExample& example) {
  double longest = 0;
  Index before = 0;
  for (Index t = 0; t + 1 < example.weights.targets; ++t) {  // not the end of the sentence
    const std::span<const double> row = example.weights.row(t);
    const Index now = std::max_element(row.begin(), row.end()) - row.begin();
    if (t > 0) longest = std::max(longest, static_cast<double>(before - now));
    before = now;
  }
  return longest;
}

std::vector<const TestSet*> tests_in_order(const Analysis& analysis) {
  std::vector<const TestSet*> tests;
  if (const TestSet* primary = analysis.test(analysis.primary_test)) tests.push_back(primary);
  for (const TestSet& test : analysis.results->tests) {
    if (test.name != analysis.primary_test) tests.push_back(&test);
  }
  return tests;
}

std::optional<AttentionChoice> by_gold(const std::vector<AttentionChoice>& from) {
  const auto swaps = [](const AttentionChoice& choice) {
    return !choice.test->alignment.empty() &&
           neighbours_swap(choice.test->alignment[static_cast<std::size_t>(choice.sentence)].sure);
  };
  const auto handy = [&](const AttentionChoice& choice) {
    const auto words = evaluation::split(choice.test->source[static_cast<std::size_t>(choice.sentence)]).size();
    return words >= 4 && words <= 14 && swaps(choice);
  };
  auto found = std::find_if(from.begin(), from.end(), handy);
  if (found == from.end()) found = std::find_if(from.begin(), from.end(), swaps);
  if (found == from.end()) return std::nullopt;
  AttentionChoice choice = *found;
  choice.rule = "the first sentence whose gold alignment swaps two neighbouring words";
  return choice;
}

std::optional<AttentionChoice> by_weights(const std::vector<AttentionChoice>& from) {
  const auto step = [](const AttentionChoice& choice) {
    double sum = 0;
    for (const AttentionExample* example : choice.shown)
      sum += example == nullptr ? 0 : longest_step_back(*example);
    return sum;
  };
  const auto most =
      std::max_element(from.begin(), from.end(), [&](const auto& a, const auto& b) { return step(a) < step(b); });
  if (most == from.end()) return std::nullopt;
  AttentionChoice choice = *most;
  choice.rule =
      "of the sentences with kept weights, the one where the largest weight steps back furthest, on average "
      "over the systems";
  return choice;
}

}  // namespace

std::optional<AttentionChoice> choose_attention(const Analysis& analysis) {
  const std::optional<Index> seed = common_seed(analysis);
  if (!seed) return std::nullopt;
  std::vector<std::vector<AttentionChoice>> of_tests;
  for (const TestSet* test : tests_in_order(analysis)) of_tests.push_back(candidates(analysis, *test, *seed));
  for (const auto& from : of_tests) {
    if (auto choice = by_gold(from)) return choice;
  }
  for (const auto& from : of_tests) {
    if (auto choice = by_weights(from)) return choice;
  }
  return std::nullopt;
}

}  // namespace regard::report
