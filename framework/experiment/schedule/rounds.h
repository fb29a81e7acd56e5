#pragma once
// The rounds of a plan with a claim: which runs are needed now, as the decisions say (runs/decisions.h). A plan whose
// seeds are a list has one round.
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "framework/experiment/plan/plan.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/experiment/schedule/runner.h"
#include "framework/runs/decisions.h"

namespace regard::experiment {

[[nodiscard]] runs::DecisionPlan decision_plan(const Plan& plan);

// Not thread-safe. Plan and hashes outlive it.
class Rounds final {
 public:
  Rounds(const Plan& plan, const runs::RunFolder& folder, bool retrain, ContentHashes& hashes);

  // Decides the rounds whose runs have ended. A run counts as finished if it is that of the plan, and as failed if it
  // was tried and is not finished. Throws the FolderErrors of resume_state_of().
  [[nodiscard]] runs::Decisions decide();

  void note_tried(const std::string& system, Index seed) { tried_.emplace(system, seed); }
  [[nodiscard]] bool was_tried(const std::string& system, Index seed) const {
    return tried_.contains({system, seed});
  }

 private:
  const Plan& plan_;
  runs::RunFolder folder_;
  bool retrain_;
  ContentHashes& hashes_;
  runs::Decider decider_;
  std::set<std::pair<std::string, Index>> tried_;
};

// Writes decisions.json, or removes that of a claim that the plan no longer makes.
void write_decisions(const runs::RunFolder& folder, const std::optional<runs::Decisions>& decisions);

// Does one round: the runs that the decisions want, or, without decisions, all of the plan. Notes in `rounds` which runs
// were tried.
using RunRound = std::function<RunSummary(const std::optional<runs::Decisions>& decisions, ContentHashes& hashes,
                                          Rounds& rounds)>;
// Calls `run` for each round, as long as the claim wants more runs and none is stopped. Says what was decided.
[[nodiscard]] RunSummary run_rounds(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks,
                                    const RunRound& run);

// Returns the seeds of a system by these decisions; without decisions, all of the plan.
[[nodiscard]] std::vector<Index> seeds_of(const Plan& plan, const System& system,
                                          const std::optional<runs::Decisions>& decisions);

}  // namespace regard::experiment
