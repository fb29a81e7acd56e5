#include "framework/report/analysis/interventions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/errors.h"
#include "framework/report/analysis/comparisons.h"
#include "framework/report/analysis/score_buckets.h"

namespace regard::report {
namespace {

// The mean loss of a token, from rows (loss, tokens) of sentences.
class LossPerToken final : public evaluation::Metric {
 public:
  [[nodiscard]] std::string name() const override { return "loss"; }
  [[nodiscard]] double score(std::span<const double> sum) const override {
    return sum[1] > 0 ? sum[0] / sum[1] : 0;
  }
  [[nodiscard]] std::string verbose(std::span<const double>) const override { return ""; }
  [[nodiscard]] evaluation::Signature signature(std::size_t references) const override {
    return evaluation::Signature(references);
  }

 protected:
  void rows(const evaluation::Lines&, const std::vector<evaluation::Lines>&, Index, Index,
            std::span<double>) const override {
    check(false, "losses are not made from texts");
  }
  [[nodiscard]] Index width() const override { return 2; }
};

// The words of each reference with </s>.
std::vector<double> token_counts(const TestSet& test) {
  std::vector<double> counts;
  for (const std::string& line : test.target_tokens)
    counts.push_back(line.empty() ? 1.0 : 2.0 + static_cast<double>(std::count(line.begin(), line.end(), ' ')));
  return counts;
}

evaluation::Statistics loss_rows(const std::vector<double>& losses, const std::vector<double>& tokens) {
  evaluation::Statistics statistics{2, {}};
  for (std::size_t i = 0; i < losses.size(); ++i) {
    statistics.values.push_back(losses[i]);
    statistics.values.push_back(tokens[i]);
  }
  return statistics;
}

evaluation::Statistics part_of(const evaluation::Statistics& all, const std::vector<Index>& sentences) {
  evaluation::Statistics part{all.width, {}};
  for (const Index i : sentences) {
    const auto row = all.row(i);
    part.values.insert(part.values.end(), row.begin(), row.end());
  }
  return part;
}

using Pairs =
    std::vector<std::pair<evaluation::Statistics, evaluation::Statistics>>;  // own, replaced; a seed each

Effect effect_of(const evaluation::Metric& metric, const Pairs& pairs) {
  evaluation::Runs own, replaced;
  for (const auto& [before, after] : pairs) {
    own.push_back(&before);
    replaced.push_back(&after);
  }
  const std::vector<evaluation::Runs> systems{replaced};
  const evaluation::Comparison found = evaluation::compare(metric, own, systems).front();
  if (found.method) return {found.method->difference, found.method->low, found.method->high};
  return {found.models.difference, found.models.low, found.models.high};
}

// What a run has of a kind on a test set; null if it has not both that and its own.
struct Found {
  const runs::Intervened* own = nullptr;
  const runs::Intervened* replaced = nullptr;
};
std::optional<Found> found_in(const Run& run, const std::string& test, const std::string& kind) {
  if (!run.interventions) return std::nullopt;
  const auto kinds = run.interventions->tests.find(test);
  if (kinds == run.interventions->tests.end()) return std::nullopt;
  const auto own = kinds->second.find("own");
  const auto replaced = kinds->second.find(kind);
  if (own == kinds->second.end() || replaced == kinds->second.end()) return std::nullopt;
  return Found{&own->second, &replaced->second};
}

std::vector<EffectByLength> by_length(const Analysis& analysis, const TestSet& test, const Pairs& pairs) {
  std::vector<EffectByLength> all;
  const BucketSet* const set = analysis.cut_by(test.name, Property::source_length);
  if (set == nullptr) return all;
  const std::vector<double> lengths = values_of(Property::source_length, *analysis.results, test);
  for (const ScoreBucket& bucket : set->buckets) {
    std::vector<Index> sentences;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      const bool above = bucket.after ? lengths[i] > bucket.from : lengths[i] >= bucket.from;
      if (above && lengths[i] <= bucket.to) sentences.push_back(static_cast<Index>(i));
    }
    if (sentences.size() < 2) continue;
    Pairs part;
    for (const auto& [own, replaced] : pairs)
      part.emplace_back(part_of(own, sentences), part_of(replaced, sentences));
    all.push_back({bucket.mean, range_text(Property::source_length, bucket), static_cast<Index>(sentences.size()),
                   effect_of(LossPerToken(), part)});
  }
  return all;
}

void add_effect(Analysis& analysis, const TestSet& test, const SystemSummary& system, const std::string& kind) {
  const evaluation::Bleu bleu = bleu_with(analysis.tokenizer);
  const std::vector<double> tokens = token_counts(test);
  InterventionEffect effect;
  effect.system = system.name;
  effect.test = test.name;
  effect.kind = kind;
  Pairs losses, scores;
  for (const Run* run : system.finished) {
    const std::optional<Found> found = found_in(*run, test.name, kind);
    if (!found) continue;
    effect.seeds.push_back(run->seed);
    if (kind == "other") effect.other = run->interventions->other;
    losses.emplace_back(loss_rows(found->own->losses, tokens), loss_rows(found->replaced->losses, tokens));
    const auto* const own = run->lines(test.name);
    if (own != nullptr && !found->replaced->lines.empty()) {
      scores.emplace_back(bleu.statistics(*own, {test.target}),
                          bleu.statistics(found->replaced->lines, {test.target}));
    }
  }
  if (losses.empty()) return;
  effect.loss = effect_of(LossPerToken(), losses);
  if (scores.size() == losses.size()) effect.bleu = effect_of(bleu, scores);
  if (kind == "even") effect.by_length = by_length(analysis, test, losses);
  analysis.interventions.effects.push_back(std::move(effect));
}

void add_reservations(Analysis& analysis) {
  for (const InterventionEffect& effect : analysis.interventions.effects) {
    const bool unused = effect.loss.low > -kUnusedLoss && effect.loss.high < kUnusedLoss;
    if (effect.kind != "even" || !unused) continue;
    for (Comparison& comparison : analysis.comparisons) {
      if (comparison.test != effect.test || comparison.test != analysis.primary_test) continue;
      if (comparison.system != effect.system && comparison.baseline != effect.system) continue;
      comparison.reservations.push_back(fmt::format(
          "{} does not use its attention: with even weights its loss moves by {} nats [{}, {}]", effect.system,
          fixed(effect.loss.change, 3), fixed(effect.loss.low, 3), fixed(effect.loss.high, 3)));
    }
  }
}

}  // namespace

void add_interventions(Analysis& analysis) {
  for (const SystemSummary& system : analysis.systems) {
    bool missing = false;
    for (const Run* run : system.finished) {
      if (run->interventions && !run->interventions->refused.empty())
        analysis.interventions.refused[system.name] = run->interventions->refused;
      const bool attends = !run->attention.empty() || !run->forced.empty();
      missing = missing || (attends && !run->interventions);
    }
    if (missing) analysis.interventions.missing.push_back(system.name);
  }
  for (const TestSet& test : analysis.results->tests) {
    for (const SystemSummary& system : analysis.systems) {
      for (std::size_t kind = 1; kind < runs::kWeightKinds.size(); ++kind)
        add_effect(analysis, test, system, runs::kWeightKinds.at(kind));
    }
  }
  add_reservations(analysis);
}

std::string how_to_intervene(const Analysis& analysis) {
  const std::vector<std::string>& missing = analysis.interventions.missing;
  if (missing.empty()) return "";
  const bool one = missing.size() == 1;
  return fmt::format("Whether {} {} attention is not known: `regard attend FOLDER --intervene` measures it.",
                     fmt::join(missing, ", "), one ? "uses its" : "use their");
}

}  // namespace regard::report
