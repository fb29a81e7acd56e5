#include "framework/report/analysis/attention_numbers.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "framework/report/analysis/analysis.h"

namespace regard::report {
namespace {

using evaluation::AttentionDiagnostics;
using runs::AttentionExample;
using Examples = std::vector<AttentionExample>;

const Examples* of_test(const std::map<std::string, Examples>& all, const std::string& test) {
  const auto found = all.find(test);
  return found == all.end() || found->second.empty() ? nullptr : &found->second;
}

bool ends(const std::vector<std::string>& tokens) { return !tokens.empty() && tokens.back() == "</s>"; }

Index words_of(const std::vector<std::string>& tokens) {
  return static_cast<Index>(tokens.size()) - (ends(tokens) ? 1 : 0);
}

bool is_finite(const WeightMatrix& matrix) {
  return std::all_of(matrix.values.begin(), matrix.values.end(), [](double w) { return std::isfinite(w); });
}

// Returns the weight that is on no token, on average over the rows of words.
double off_tokens(const WeightMatrix& matrix, Index rows) {
  double off = 0;
  for (Index t = 0; t < rows; ++t) {
    double sum = 0;
    for (const double weight : matrix.row(t)) sum += weight;
    off += std::max(0.0, 1 - sum);
  }
  return rows == 0 ? 0 : off / static_cast<double>(rows);
}

struct Described {
  AttentionDiagnostics diagnostics;
  double off = 0;  // sum over rows
  Index sentences = 0;
};

Described describe(const Examples& examples) {
  Described all;
  for (const AttentionExample& example : examples) {
    if (!is_finite(example.weights)) continue;
    const Index rows = words_of(example.target);
    all.diagnostics.add(
        evaluation::diagnose(example.weights, {words_of(example.source), ends(example.source)}, rows));
    all.off += off_tokens(example.weights, rows) * static_cast<double>(rows);
    ++all.sentences;
  }
  return all;
}

void add_diagnostics(AttentionAnalysis& to, const TestSet& test, const SystemSummary& system) {
  AttentionNumbers numbers{system.name, test.name, true, 0, {}, {}, {}, {}, {}, {}, {}};
  std::vector<Described> runs;
  for (const Run* run : system.finished) {
    const Examples* examples = of_test(run->forced, test.name);
    numbers.forced = numbers.forced && examples != nullptr;
  }
  for (const Run* run : system.finished) {
    const Examples* examples = of_test(numbers.forced ? run->forced : run->attention, test.name);
    if (examples != nullptr) runs.push_back(describe(*examples));
  }
  if (runs.empty()) return;
  const auto over = [&](const std::function<double(const Described&)>& value) {
    std::vector<double> values;
    for (const Described& run : runs) values.push_back(value(run));
    return spread(values);
  };
  numbers.sentences = runs.front().sentences;
  numbers.entropy = over([](const Described& d) { return d.diagnostics.entropy; });
  numbers.relative_entropy = over([](const Described& d) { return d.diagnostics.relative_entropy; });
  numbers.largest = over([](const Described& d) { return d.diagnostics.largest; });
  numbers.on_end = over([](const Described& d) { return d.diagnostics.on_end; });
  numbers.off = over([](const Described& d) {
    return d.diagnostics.targets == 0 ? 0 : d.off / static_cast<double>(d.diagnostics.targets);
  });
  numbers.monotone = over([](const Described& d) { return d.diagnostics.monotone; });
  numbers.covered = over([](const Described& d) { return d.diagnostics.covered; });
  to.diagnostics.push_back(std::move(numbers));
}

void add_alignments(AttentionAnalysis& to, const TestSet& test, const SystemSummary& system) {
  if (test.alignment.empty()) return;
  AlignmentNumbers numbers{system.name, test.name, 0, 0, {}, {}, {}};
  std::vector<double> error_rates, precisions, recalls;
  for (const Run* run : system.finished) {
    const auto found = run->forced_links.find(test.name);
    if (found == run->forced_links.end()) continue;
    evaluation::AlignmentScore score;
    numbers.sentences = numbers.left_out = 0;
    for (std::size_t i = 0; i < test.alignment.size(); ++i) {
      if (test.alignment[i].possible.empty()) continue;
      if (found->second[i].empty()) {
        ++numbers.left_out;
        continue;
      }
      ++numbers.sentences;
      score.add(found->second[i], test.alignment[i]);
    }
    if (numbers.sentences == 0) continue;
    error_rates.push_back(score.error_rate());
    precisions.push_back(score.precision());
    recalls.push_back(score.recall());
  }
  if (error_rates.empty()) return;
  numbers.error_rate = spread(error_rates);
  numbers.precision = spread(precisions);
  numbers.recall = spread(recalls);
  to.alignments.push_back(std::move(numbers));
}

// Compares the sentences that both have. Their tokens are those of the references, so their shapes agree.
evaluation::AttentionAgreement agree(const Examples& first, const Examples& second) {
  evaluation::AttentionAgreement sum;
  for (const AttentionExample& a : first) {
    const auto same = [&](const AttentionExample& b) { return b.index == a.index; };
    const auto b = std::find_if(second.begin(), second.end(), same);
    if (b == second.end() || b->source.size() != a.source.size() || b->target.size() != a.target.size()) continue;
    if (is_finite(a.weights) && is_finite(b->weights))
      sum.add(evaluation::agreement(a.weights, b->weights, words_of(a.target)));
  }
  return sum;
}

void add_agreement(AttentionAnalysis& to, const TestSet& test, const SystemSummary& system,
                   const SystemSummary& other) {
  AgreementNumbers numbers{system.name, other.name, test.name, 0, {}};
  const bool own = &system == &other;
  for (const Run* a : system.finished) {
    for (const Run* b : other.finished) {
      if (own ? a->seed >= b->seed : a->seed != b->seed) continue;
      const Examples* first = of_test(a->forced, test.name);
      const Examples* second = of_test(b->forced, test.name);
      if (first == nullptr || second == nullptr) continue;
      numbers.agreement.add(agree(*first, *second));
      ++numbers.pairs;
    }
  }
  if (numbers.pairs > 0 && numbers.agreement.targets > 0) to.agreements.push_back(std::move(numbers));
}

}  // namespace

void add_attention(AttentionAnalysis& to, const TestSet& test, const std::vector<SystemSummary>& systems) {
  for (std::size_t a = 0; a < systems.size(); ++a) {
    if (systems[a].finished.empty()) continue;
    add_diagnostics(to, test, systems[a]);
    add_alignments(to, test, systems[a]);
    for (std::size_t b = a; b < systems.size(); ++b) add_agreement(to, test, systems[a], systems[b]);
  }
}

}  // namespace regard::report
