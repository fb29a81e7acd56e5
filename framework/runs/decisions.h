#pragma once
// Decides a plan's claim from the translations that are stored in its folder (decisions.json).
//
// Round 1 has the first seeds of every system; each later round adds one seed to the baseline and to the systems that
// are open. A round counts when all of its runs are finished. So the decisions depend on the runs' results only, not on
// the order in which runs end, and not on kills.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/evaluation/sequential.h"
#include "framework/runs/claim.h"
#include "framework/runs/run_folder.h"

namespace regard::runs {

struct PlanFacts;

// One system after one round. A positive difference is an improvement: it is system - baseline, and for TER baseline -
// system.
struct SystemLook {
  std::string system;
  evaluation::Look look;
};

struct DecisionRound {
  Index seeds = 0;                  // of the baseline
  std::vector<SystemLook> systems;  // all but the baseline, in the plan's order
};

// Why no further round is needed, or what the next one needs.
enum class DecisionState : std::uint8_t {
  open,      // the next round's runs are not all finished
  decided,   // every system is decided, or a run of it failed
  hopeless,  // the open ones would very probably not be decided by more seeds
  most,      // an open one has all the seeds that the plan allows
};

// decisions.json
struct Decisions {
  std::string metric;  // of the claim
  std::string test;
  double effect = 0;
  double alpha = 0;
  double power = 0;
  Index first = 0;
  Index most = 0;
  std::string baseline;
  Index sentences = 0;
  DecisionState state = DecisionState::open;
  std::vector<DecisionRound> rounds;   // the complete ones
  std::map<std::string, Index> seeds;  // of each system: how many it has or, while open, needs for the next round
};

// What the decisions depend on.
struct DecisionPlan {
  Claim claim;
  std::vector<Index> seeds;  // all that a system may get, in their order
  Index first = 0;           // how many of them the first round has
  std::string baseline;
  std::vector<std::string> systems;  // the baseline too
};
[[nodiscard]] DecisionPlan decision_plan(const PlanFacts& facts);

// Reads `report.claim` and, if they are added in rounds, `seeds` of a resolved plan.
void read_claim(const config::Node& resolved, PlanFacts& facts);
// Makes `seeds` and `seeds_wanted` those of decisions.json, if seeds are added in rounds; without it, the first seeds.
void use_decided_seeds(const RunFolder& folder, PlanFacts& facts);

enum class RunEnd : std::uint8_t { missing, failed, finished };

// Computes the decisions of the rounds that are complete. Keeps the statistics of translations that it has read.
// DataError or FolderError for translations that cannot be read. Not thread-safe.
class Decider {
 public:
  explicit Decider(RunFolder folder);
  ~Decider();
  Decider(const Decider&) = delete;
  Decider& operator=(const Decider&) = delete;

  // `end` says how each run has ended. A system with a failed run gets no verdict and no more seeds.
  using Ends = std::function<RunEnd(const std::string& system, Index seed)>;
  [[nodiscard]] Decisions operator()(const DecisionPlan& plan, const Ends& end);
  // The same with the ends that status.json and scores.json say.
  [[nodiscard]] Decisions operator()(const DecisionPlan& plan);

 private:
  struct Kept;
  RunFolder folder_;
  std::unique_ptr<Kept> kept_;
};

// Returns the last look at a system; nullptr if no round is complete.
[[nodiscard]] const evaluation::Look* last_look(const Decisions& decisions, const std::string& system);

// Returns the verdict on a system without a point: "general beats vanilla by 2.1 BLEU [0.9, 3.3] (5 seeds)". Of an open
// system also what a verdict would need.
[[nodiscard]] std::string in_words(const Decisions& decisions, const std::string& system);

// Returns one sentence about the whole: "decided after 2 rounds", "open: 1 of 3 systems, after 20 seeds".
[[nodiscard]] std::string summary(const Decisions& decisions);

}  // namespace regard::runs
