#include "framework/experiment/schedule/match.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "framework/models/seq2seq.h"

namespace regard::experiment {
namespace {

constexpr Index kWidest = 65536;

}  // namespace

Index parameters_of(const models::ModelOptions& model, const Corpora& corpora) {
  return models::Seq2Seq(model, corpora.prepared.source.size(), corpora.prepared.target.size(), 1, {},
                         nn::ParamStore::Values::untouched)
      .params()
      .count();
}

Plan matched(const Plan& plan, const Corpora& corpora) {
  const Index goal = parameters_of(system_named(plan, plan.report.baseline).model, corpora);
  Choices choices;
  std::vector<std::string> warnings;
  for (const System& system : plan.systems) {
    if (system.name == plan.report.baseline) continue;
    const auto count = [&](Index hidden) {
      models::ModelOptions model = system.model;
      model.hidden = hidden;
      return parameters_of(model, corpora);
    };
    // Counts grow with the width: the last even width that does not pass the goal, or its neighbour above.
    Index low = 2;
    Index high = 4;
    while (high < kWidest && count(high) <= goal) high *= 2;
    while (high - low > 2) {
      const Index middle = (low + high) / 4 * 2;
      (count(middle) <= goal ? low : high) = middle;
    }
    const Index below = count(low);
    const Index above = count(high);
    const Index best = std::abs(above - goal) < std::abs(below - goal) ? high : low;
    const Index found = best == high ? above : below;
    choices.push_back({system.name, {{"model.hidden", config::make_plain(fmt::format("{}", best))}}});
    const double away = std::abs(static_cast<double>(found - goal)) / static_cast<double>(goal);
    if (away > 0.01) {
      warnings.push_back(
          fmt::format("system '{}': model.hidden {} comes nearest and has {} parameters; the baseline has {}",
                      system.name, best, found, goal));
    }
  }
  Plan result = with_choices(plan, choices);
  result.warnings.insert(result.warnings.end(), warnings.begin(), warnings.end());
  return result;
}

}  // namespace regard::experiment
