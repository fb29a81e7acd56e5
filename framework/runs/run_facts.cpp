#include "framework/runs/run_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "framework/evaluation/diagnostics.h"
#include "framework/runs/results.h"

namespace regard::runs {
namespace {

namespace limits = fact_limits;

using Facts = std::vector<RunFact>;

std::string percent(double share) { return fmt::format("{:.0f} %", 100 * share); }

// ---- training

// What selected the best checkpoint, as a number that is better when it is larger. Without BLEU in the history it is the
// loss.
double quality(const HistoryEntry& entry, const std::string& best_by) {
  return best_by == "bleu" ? entry.valid_bleu : -entry.valid_loss;
}

std::string in_words(const HistoryEntry& entry, const std::string& best_by) {
  return best_by == "bleu" ? fmt::format("BLEU {:.1f}", entry.valid_bleu)
                           : fmt::format("loss {:.3f}", entry.valid_loss);
}

void judge_training(const Run& run, Facts& facts) {
  const std::vector<HistoryEntry>& history = run.history;
  if (history.size() < 2) return;
  const std::string best_by = run.manifest ? run.manifest->best_by : "";
  const HistoryEntry& last = history.back();
  const HistoryEntry* best = nullptr;        // as the trainer marked it
  const HistoryEntry* early_best = nullptr;  // before the last fifth
  const double late = (1 - limits::kLateShare) * static_cast<double>(last.update);
  for (const HistoryEntry& entry : history) {
    if (entry.best) best = &entry;
    if (static_cast<double>(entry.update) > late) continue;
    if (early_best == nullptr || quality(entry, best_by) > quality(*early_best, best_by)) early_best = &entry;
  }
  if (best == nullptr) return;
  const double gained = quality(*best, best_by) - quality(history.front(), best_by);
  const double gained_late = early_best == nullptr ? 0 : quality(*best, best_by) - quality(*early_best, best_by);
  const double share = gained > 0 ? std::max(0.0, gained_late / gained) : 0;
  const bool is_last = best->update == last.update;
  if (is_last || share > limits::kLateGain) {
    const std::string before =
        early_best == nullptr || early_best == best
            ? ""
            : fmt::format(", after {} in the first four fifths of its training", in_words(*early_best, best_by));
    facts.push_back({FactKind::still_improving, "", share,
                     fmt::format("still improving at its end: {} validation has {}{}",
                                 is_last ? "its last" : "its best", in_words(*best, best_by), before)});
  }
  const double place = static_cast<double>(best->update) / static_cast<double>(last.update);
  if (history.size() >= 3 && place < limits::kEarlyBest) {
    facts.push_back({FactKind::overfitted, "", place,
                     fmt::format("overfitted: its best validation ({}) is at {} of its updates, the last has {}",
                                 in_words(*best, best_by), percent(place), in_words(last, best_by))});
  }
}

// ---- attention

struct Position {
  Index from_start;  // counted from 0; negative: from the end of the tokens, -1 is </s>
  const char* name;
};
constexpr Position kPositions[] = {{0, "the first word"},
                                   {1, "the second word"},
                                   {-3, "the word before the last"},
                                   {-2, "the last word"},
                                   {-1, "</s>"}};

// The words that a sentence wrote, without </s>.
Index written(const AttentionExample& example) {
  const auto count = static_cast<Index>(example.target.size());
  return count > 0 && example.target.back() == "</s>" ? count - 1 : count;
}

void judge_attention(const std::vector<AttentionExample>& examples, const std::string& test, bool& parked,
                     bool& dead, Facts& facts) {
  double total = 0;
  double on[std::size(kPositions)] = {};
  evaluation::AttentionDiagnostics all;
  for (const AttentionExample& example : examples) {
    const Index sources = example.weights.sources;
    const Index rows = written(example);
    if (example.weights.empty() || sources <= limits::kWords) continue;
    all.add(evaluation::diagnose(example.weights, {sources - 1, true}, rows));
    for (Index t = 0; t < rows; ++t) {
      for (Index s = 0; s < sources; ++s) total += example.weights.at(t, s);
      for (std::size_t p = 0; p < std::size(kPositions); ++p) {
        const Index from = kPositions[p].from_start;
        on[p] += example.weights.at(t, from < 0 ? sources + from : from);
      }
    }
  }
  if (all.targets < limits::kRows || !(total > 0)) return;
  const auto most = static_cast<std::size_t>(std::max_element(std::begin(on), std::end(on)) - std::begin(on));
  if (!parked && on[most] > limits::kOnOnePosition * total) {
    parked = true;
    facts.push_back({FactKind::parked, test, on[most] / total,
                     fmt::format("parked: {} has {} of the weight of attention ({})", kPositions[most].name,
                                 percent(on[most] / total), test)});
  }
  if (!dead && all.relative_entropy > limits::kEven) {
    dead = true;
    facts.push_back({FactKind::dead, test, all.relative_entropy,
                     fmt::format("its attention is even: its entropy is {:.1f} % of that of even weights ({})",
                                 100 * all.relative_entropy, test)});
  }
}

// ---- translations

double repeating(const std::vector<std::string>& lines) {
  if (lines.empty()) return 0;
  const auto count = std::count_if(lines.begin(), lines.end(), repeats_words);
  return static_cast<double>(count) / static_cast<double>(lines.size());
}

void judge_translations(const Run& run, const std::vector<TestSet>& tests, Facts& facts) {
  for (const TestSet& test : tests) {
    if (!run.manifest || test.target.empty()) continue;
    const auto cut = run.manifest->cut.find(test.name);
    if (cut == run.manifest->cut.end()) continue;
    const double share = static_cast<double>(cut->second) / static_cast<double>(test.target.size());
    if (share <= limits::kCut) continue;
    facts.push_back({FactKind::truncated, test.name, share,
                     fmt::format("truncated: {} of its translations are cut at the length limit ({})",
                                 percent(share), test.name)});
    break;
  }
  for (const TestSet& test : tests) {
    const auto* const lines = run.lines(test.name);
    if (lines == nullptr) continue;
    const double share = repeating(*lines);
    const double expected = repeating(test.target);
    if (share - expected <= limits::kRepeats) continue;
    facts.push_back(
        {FactKind::repeats, test.name, share,
         fmt::format("repeats: {} of its translations say the same words again and again, of the references "
                     "{} ({})",
                     percent(share), percent(expected), test.name)});
    break;
  }
}

}  // namespace

bool repeats_words(const std::string& line) {
  std::vector<std::string_view> words;
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    words.push_back(std::string_view(line).substr(begin, end - begin));
    begin = end + 1;
  }
  for (std::size_t n = 1; n <= 4; ++n) {
    const std::size_t times = n == 1 ? 4 : 3;
    std::size_t equal = 0;  // words in a row that are the word n places before
    for (std::size_t i = n; i < words.size(); ++i) {
      equal = words[i] == words[i - n] ? equal + 1 : 0;
      if (equal >= n * (times - 1)) return true;
    }
  }
  return false;
}

std::vector<RunFact> find_facts(const Run& run, const std::vector<TestSet>& tests) {
  Facts facts;
  if (run.state == RunState::failed && run.status.stopped == kDiverged) {
    const Index update = run.history.empty() ? 0 : run.history.back().update;
    facts.push_back({FactKind::diverged, "", static_cast<double>(update), "diverged: " + run.reason});
  }
  if (run.state != RunState::finished) return facts;
  judge_training(run, facts);
  bool parked = false;
  bool dead = false;
  if (run.manifest && run.manifest->attention_by == kByContent) {
    for (const TestSet& test : tests) {
      // Forced attention first: then all systems wrote the same words.
      const auto forced = run.forced.find(test.name);
      const auto own = run.attention.find(test.name);
      const auto* const examples = forced != run.forced.end()   ? &forced->second
                                   : own != run.attention.end() ? &own->second
                                                                : nullptr;
      if (examples != nullptr) judge_attention(*examples, test.name, parked, dead, facts);
    }
  }
  judge_translations(run, tests, facts);
  std::stable_sort(facts.begin(), facts.end(), [](const auto& a, const auto& b) { return a.kind < b.kind; });
  return facts;
}

}  // namespace regard::runs
