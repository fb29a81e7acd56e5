// The verdicts of decisions.json as text.
#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/runs/decisions.h"

namespace regard::runs {
namespace {

using evaluation::Finding;
using evaluation::Look;
using evaluation::Obstacle;

std::string count_text(Index seeds) {
  constexpr Index most = evaluation::SeedsNeeded::most;
  return seeds >= most ? fmt::format("more than {}", most) : fmt::format("{}", seeds);
}

// Returns what would decide an open system.
std::string needs_text(const Decisions& decisions, const Look& look, const std::string& metric) {
  const std::string aim = fmt::format("to find a difference of {:g} {} with probability {:g}", decisions.effect,
                                      metric, decisions.power);
  if (look.needs_sentences > 0)
    return fmt::format("about {} sentences instead of {} would be needed {}", look.needs_sentences,
                       decisions.sentences, aim);
  const auto [low, high] = look.needs_seeds;
  if (low == high) return fmt::format("{} seeds would be needed {}", count_text(low), aim);
  return fmt::format("between {} and {} seeds would be needed {}", count_text(low), count_text(high), aim);
}

}  // namespace

std::string in_words(const Decisions& decisions, const std::string& system) {
  const ClaimMetric claimed = evaluation::line_metric_named(decisions.metric).value_or(ClaimMetric::bleu);
  const std::string metric = name_of(claimed);
  const Look* const look = last_look(decisions, system);
  if (look == nullptr) {
    return fmt::format("{} and {} are not compared yet: the first round of {} seeds is not finished", system,
                       decisions.baseline, decisions.first);
  }
  const std::string basis = fmt::format("({} seeds, {} sentences)", look->seeds, decisions.sentences);
  // For TER an improvement is a smaller number, so the difference is shown as the metric has it.
  const double sign = evaluation::facts_of(claimed).lower_is_better ? -1.0 : 1.0;
  const auto interval = [&](double low, double high) {
    return fmt::format("[{:.2f}, {:.2f}]", std::min(sign * low, sign * high), std::max(sign * low, sign * high));
  };
  switch (look->finding) {
    case Finding::better:
      return fmt::format("{} is better than {} by {:.2f} {} [{:.2f}, {:.2f}] {}", system, decisions.baseline,
                         look->difference, metric, look->low, look->high, basis);
    case Finding::worse:
      return fmt::format("{} is worse than {} by {:.2f} {} [{:.2f}, {:.2f}] {}", system, decisions.baseline,
                         -look->difference, metric, -look->high, -look->low, basis);
    case Finding::equivalent:
      return fmt::format("{} and {} are equivalent within {:g} {}: {:+.2f} {} {}", system, decisions.baseline,
                         decisions.effect, metric, sign * look->difference,
                         interval(look->equivalence_low, look->equivalence_high), basis);
    case Finding::failed:
      return fmt::format("{} gets no verdict: one of its runs failed", system);
    case Finding::open:
      break;
  }
  std::string text = fmt::format("{} is open: {:+.2f} {} against {} {} {}", system, sign * look->difference,
                                 metric, decisions.baseline, interval(look->low, look->high), basis);
  if (look->obstacle == Obstacle::none) return text + "; it gets another seed";
  if (look->obstacle == Obstacle::sentences) {
    text += "; more seeds cannot help, because the sentences of the test set alone leave too much doubt";
  } else if (look->obstacle == Obstacle::most) {
    text += fmt::format("; it has all {} seeds", decisions.most);
  } else {
    text += fmt::format("; {} seeds would very probably not decide it", decisions.most);
  }
  return text + "; " + needs_text(decisions, *look, metric);
}

std::string summary(const Decisions& decisions) {
  if (decisions.rounds.empty())
    return fmt::format("no round is finished; the first has {} seeds", decisions.first);
  std::vector<std::string> open;
  std::vector<std::string> failed;
  for (const SystemLook& each : decisions.rounds.back().systems) {
    if (each.look.finding == Finding::open) open.push_back(each.system);
    if (each.look.finding == Finding::failed) failed.push_back(each.system);
  }
  const std::string without =
      failed.empty() ? "" : fmt::format("; without a verdict because a run failed: {}", fmt::join(failed, ", "));
  const Index seeds = decisions.rounds.back().seeds;
  const char* why = "";
  switch (decisions.state) {
    case DecisionState::decided:
      return fmt::format("decided after {} seeds{}", seeds, without);
    case DecisionState::open:
      why = "; the next round is not finished";
      break;
    case DecisionState::hopeless:
      why = ", and more seeds would not help";
      break;
    case DecisionState::most:
      why = ", the most that the plan allows";
      break;
  }
  if (open.empty()) return fmt::format("{} seeds are finished{}{}", seeds, why, without);
  return fmt::format("open after {} seeds: {}{}{}", seeds, fmt::join(open, ", "), why, without);
}

}  // namespace regard::runs
