#include "framework/report/analysis/reservations.h"

#include <fmt/format.h>

#include <algorithm>

namespace regard::report {
namespace {

using runs::FactKind;

// How many runs of a system show a fact, and how many were judged.
struct Share {
  Index shown = 0;
  Index of = 0;
};

Share share_of(const Results& results, const std::string& system, FactKind kind) {
  Share share;
  for (const Run& run : results.runs) {
    if (run.system != system || (run.state != RunState::finished && run.state != RunState::failed)) continue;
    ++share.of;
    share.shown += std::any_of(run.facts.begin(), run.facts.end(),
                               [&](const runs::RunFact& fact) { return fact.kind == kind; });
  }
  return share;
}

// "1 of 3 seeds of general"; "general" if there is one seed.
std::string who(const Share& share, const std::string& system) {
  if (share.of == 1) return system;
  return share.shown == share.of ? fmt::format("all {} seeds of {}", share.of, system)
                                 : fmt::format("{} of {} seeds of {}", share.shown, share.of, system);
}

// The clauses about one system alone.
void add_own(const Results& results, const std::string& system, std::vector<std::string>& clauses) {
  const auto add = [&](FactKind kind, const char* some, const char* all) {
    const Share share = share_of(results, system, kind);
    if (share.shown == 0) return;
    clauses.push_back(who(share, system) + (share.shown < share.of ? some : all));
  };
  add(FactKind::diverged, " diverged, so the mean is that of the others", " diverged");
  add(FactKind::parked, " parked, so its mean says how surely it begins to align, not how well it translates",
      " parked, so this shows what it does without alignment, not how well it translates with it");
  add(FactKind::dead, " kept even weights, so its mean is not that of an attention that chooses",
      " kept even weights, so this is no comparison with an attention that chooses");
  add(FactKind::overfitted, " overfitted: its recipe is too long, or too weak in regularisation, for this data",
      " overfitted: its recipe is too long, or too weak in regularisation, for this data");
  add(FactKind::truncated, " had translations cut at the length limit",
      " had translations cut at the length limit");
  add(FactKind::repeats, " repeated words in the translations", " repeated words in the translations");
}

void add_improving(const Results& results, const std::string& system, const std::string& baseline,
                   double difference, std::vector<std::string>& clauses) {
  const Share ours = share_of(results, system, FactKind::still_improving);
  const Share theirs = share_of(results, baseline, FactKind::still_improving);
  // Half of the seeds or more: a single late best validation is often chance.
  const auto many = [](const Share& share) { return share.shown > 0 && 2 * share.shown >= share.of; };
  if (many(ours) && many(theirs)) {
    clauses.push_back("both were still improving at their ends: more epochs may change the difference");
    return;
  }
  if (!many(ours) && !many(theirs)) return;
  const std::string& name = many(ours) ? system : baseline;
  const bool behind = many(ours) ? difference < 0 : difference > 0;
  clauses.push_back(fmt::format("{} was still improving at its end: more epochs would {} the gap", name,
                                behind ? "narrow" : "widen"));
}

}  // namespace

std::vector<std::string> reservations_of(const Results& results, const std::string& system,
                                         const std::string& baseline, double difference) {
  std::vector<std::string> clauses;
  add_own(results, system, clauses);
  add_own(results, baseline, clauses);
  add_improving(results, system, baseline, difference, clauses);
  return clauses;
}

std::string in_words(const Comparison& comparison) {
  if (comparison.reservations.empty()) return comparison.verdict;
  std::string sentence = comparison.verdict;
  if (sentence.ends_with('.')) sentence.pop_back();
  for (const std::string& clause : comparison.reservations) sentence += "; " + clause;
  return sentence + ".";
}

}  // namespace regard::report
