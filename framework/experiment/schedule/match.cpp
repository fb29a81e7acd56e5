#include "framework/experiment/schedule/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "framework/config/section.h"
#include "framework/models/seq2seq.h"

namespace regard::experiment {
namespace {

constexpr Index kWidest = 65536;

// Finds even widths that the attention of a system accepts.
class Widths {
 public:
  explicit Widths(const System& system) : system_(system) {}

  [[nodiscard]] std::string refusal(Index hidden) const {
    models::ModelOptions model = system_.model;
    model.hidden = hidden;
    return models::attention_refusal(model);
  }
  // Return the smallest (first) or largest (last) such width from `from` to `to`; 0 if there is none.
  [[nodiscard]] Index first(Index from, Index to) const {
    for (Index hidden = from; hidden <= to; hidden += 2) {
      if (refusal(hidden).empty()) return hidden;
    }
    return 0;
  }
  [[nodiscard]] Index last(Index from, Index to) const {
    for (Index hidden = to; hidden >= from; hidden -= 2) {
      if (refusal(hidden).empty()) return hidden;
    }
    return 0;
  }

 private:
  const System& system_;
};

// Returns the width whose count is nearest to the goal, and this count. Counts grow with the width, so it is the
// largest width whose count is at most the goal, or the next larger width.
template <class Count>
std::pair<Index, Index> nearest_width(const Widths& widths, Index goal, Index least, const Count& count) {
  Index low = least;
  Index high = 0;  // 0: not found yet
  for (Index limit = 4; high == 0 && limit <= kWidest; limit *= 2) {
    const Index next = widths.first(std::max(low + 2, limit / 2), std::max(low + 2, limit));
    if (next == 0) continue;
    (count(next) <= goal ? low : high) = next;
  }
  if (high == 0) {
    const Index widest = widths.last(low + 2, kWidest);
    if (widest == 0) return {low, count(low)};
    if (const Index most = count(widest); most <= goal) return {widest, most};
    high = widest;
  }
  while (high - low > 2) {
    const Index middle = (low + high) / 4 * 2;
    Index next = widths.first(middle, high - 2);
    if (next == 0) next = widths.last(low + 2, middle - 2);
    if (next == 0) break;
    (count(next) <= goal ? low : high) = next;
  }
  const Index below = count(low);
  const Index above = count(high);
  return std::abs(above - goal) < std::abs(below - goal) ? std::pair(high, above) : std::pair(low, below);
}

}  // namespace

Index parameters_of(const models::ModelOptions& model, const Corpora& corpora) {
  return models::Seq2Seq(model, corpora.prepared.source.size(), corpora.prepared.target.size(), 1, {},
                         nn::ParamStore::Values::untouched)
      .params()
      .count();
}

Plan matched(const Plan& plan, const Corpora& corpora) {
  Choices choices;
  std::vector<std::string> warnings;
  for (std::size_t at = 0; at < plan.systems.size(); ++at) {
    const System& system = plan.systems[at];
    const std::string& reference = plan.matched_to.empty() ? plan.report.baseline : plan.matched_to[at];
    if (system.name == reference) continue;
    const Index goal = parameters_of(system_named(plan, reference).model, corpora);
    const auto count = [&](Index hidden) {
      models::ModelOptions model = system.model;
      model.hidden = hidden;
      return parameters_of(model, corpora);
    };
    const Widths widths(system);
    const Index least = widths.first(2, kWidest);
    if (least == 0) {
      const std::string key = "systems." + system.name;
      config::fail_at(
          config::where(plan.root, key), key,
          fmt::format("budget.parameters finds no even model.hidden that attention '{}' accepts: with 2 it {}",
                      system.model.attention.name, widths.refusal(2)));
    }
    const auto [best, found] = nearest_width(widths, goal, least, count);
    choices.push_back({system.name, {{"model.hidden", config::make_plain(fmt::format("{}", best))}}});
    const double away = std::abs(static_cast<double>(found - goal)) / static_cast<double>(goal);
    if (away > 0.01) {
      warnings.push_back(
          fmt::format("system '{}': the nearest model.hidden is {} with {} parameters; the baseline has {}",
                      system.name, best, found, goal));
    }
  }
  Plan result = with_choices(plan, choices);
  result.warnings.insert(result.warnings.end(), warnings.begin(), warnings.end());
  return result;
}

}  // namespace regard::experiment
