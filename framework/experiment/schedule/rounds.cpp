#include "framework/experiment/schedule/rounds.h"

#include <fmt/format.h>

#include <filesystem>

#include "framework/base/files.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

void say(const RunnerHooks& hooks, const std::string& sentence) {
  if (hooks.note) hooks.note(sentence);
}

// Says what the rounds after the first `before` have decided.
void say_rounds(const runs::Decisions& decisions, std::size_t before, const RunnerHooks& hooks) {
  for (std::size_t i = before; i < decisions.rounds.size(); ++i) {
    std::string text;
    for (const runs::SystemLook& each : decisions.rounds[i].systems) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", each.system,
                          evaluation::kFindings.at(static_cast<std::size_t>(each.look.finding)));
    }
    say(hooks, fmt::format("claim: after {} seeds: {}", decisions.rounds[i].seeds, text));
  }
}

}  // namespace

runs::DecisionPlan decision_plan(const Plan& plan) {
  runs::DecisionPlan out;
  out.claim = plan.report.claim;
  out.seeds = plan.seeds;
  out.first = plan.rounds ? plan.rounds->first : static_cast<Index>(plan.seeds.size());
  out.baseline = plan.report.baseline;
  for (const System& system : plan.systems) out.systems.push_back(system.name);
  return out;
}

Rounds::Rounds(const Plan& plan, const runs::RunFolder& folder, bool retrain, ContentHashes& hashes)
    : plan_(plan), folder_(folder), retrain_(retrain), hashes_(hashes), decider_(folder) {}

runs::Decisions Rounds::decide() {
  return decider_(decision_plan(plan_), [&](const std::string& system, Index seed) {
    const ResumeState state =
        resume_state_of(plan_, system_named(plan_, system), seed, folder_, retrain_, hashes_);
    if (state == ResumeState::finished) return runs::RunEnd::finished;
    return was_tried(system, seed) ? runs::RunEnd::failed : runs::RunEnd::missing;
  });
}

void write_decisions(const runs::RunFolder& folder, const std::optional<runs::Decisions>& decisions) {
  if (decisions) return write_file(folder.decisions(), to_json(*decisions));
  std::filesystem::remove(folder.decisions());
}

RunSummary run_rounds(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks, const RunRound& run) {
  const runs::RunFolder folder{request.folder};
  ContentHashes hashes;
  Rounds rounds(plan, folder, request.retrain, hashes);
  if (plan.report.claim.empty()) return run(std::nullopt, hashes, rounds);
  RunSummary summary;
  for (runs::Decisions now = rounds.decide();;) {
    const RunSummary round = run(now, hashes, rounds);
    summary.failed += round.failed;
    summary.done += round.done;
    summary.interrupted = round.interrupted;
    if (summary.interrupted) return summary;
    runs::Decisions next = rounds.decide();
    write_decisions(folder, next);
    say_rounds(next, now.rounds.size(), hooks);
    const bool more = next.seeds != now.seeds;
    now = std::move(next);
    if (more) continue;
    say(hooks, "claim: " + runs::summary(now));
    return summary;
  }
}

std::vector<Index> seeds_of(const Plan& plan, const System& system,
                            const std::optional<runs::Decisions>& decisions) {
  if (!decisions) return plan.seeds;
  const auto count = static_cast<std::ptrdiff_t>(decisions->seeds.at(system.name));
  return {plan.seeds.begin(), plan.seeds.begin() + count};
}

}  // namespace regard::experiment
