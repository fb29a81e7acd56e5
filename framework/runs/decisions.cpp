#include "framework/runs/decisions.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/evaluation/comparison.h"
#include "framework/runs/next_round.h"
#include "framework/runs/results_json.h"

namespace regard::runs {
namespace {

using evaluation::Finding;

// What is known of one run's translations: its score, and for each sentence the score of all others.
struct Scored {
  double score = 0;
  std::vector<double> left_out;
};

// Says what open systems without a further seed would need, at the level that Holm's rule gives them.
void add_needs(std::vector<evaluation::Look>& looks,
               const std::vector<std::optional<evaluation::MethodClaim>>& claims,
               const evaluation::SequentialDesign& design) {
  const auto undecided = std::count_if(looks.begin(), looks.end(), [](const evaluation::Look& look) {
    return look.finding != Finding::better && look.finding != Finding::worse;
  });
  for (std::size_t s = 0; s < looks.size(); ++s) {
    if (looks[s].finding != Finding::open || looks[s].wants_more()) continue;
    const auto needed = evaluation::seeds_needed(*claims[s], design.effect,
                                                 design.alpha / static_cast<double>(undecided), design.power);
    looks[s].needs_seeds = {needed.low, needed.high};
    if (needed.more_sentences) looks[s].needs_sentences = needed.sentences;
  }
}

Index number_of_seeds(const Decisions& decisions, const std::string& system) { return decisions.seeds.at(system); }

}  // namespace

struct Decider::Kept {
  std::string of;  // metric and test set
  std::vector<std::string> references;
  std::map<std::pair<std::string, Index>, Scored> runs;
};

Decider::Decider(RunFolder folder) : folder_(std::move(folder)), kept_(std::make_unique<Kept>()) {}
Decider::~Decider() = default;

const evaluation::Look* last_look(const Decisions& decisions, const std::string& system) {
  if (decisions.rounds.empty()) return nullptr;
  for (const SystemLook& each : decisions.rounds.back().systems) {
    if (each.system == system) return &each.look;
  }
  return nullptr;
}

DecisionPlan decision_plan(const PlanFacts& facts) {
  DecisionPlan plan{facts.claim, facts.all_seeds, facts.first_seeds, facts.baseline, {}};
  for (const SystemFacts& system : facts.systems) {
    if (!system.external) plan.systems.push_back(system.name);
  }
  return plan;
}

void read_claim(const config::Node& resolved, PlanFacts& facts) {
  if (const config::Node* claim = resolved.find("report.claim"))
    facts.claim = config::parse(config::Section(*claim, "report.claim"), claim_rows());
  const config::Node* const seeds = resolved.get("seeds");
  if (seeds == nullptr || seeds->kind != config::Node::Kind::map) return;
  const auto rounds = config::parse(config::Section(*seeds, "seeds"), seed_rounds_rows());
  for (Index seed = 1; seed <= rounds.most; ++seed) facts.all_seeds.push_back(seed);
  facts.first_seeds = std::min(rounds.first, rounds.most);
  facts.seeds.assign(facts.all_seeds.begin(), facts.all_seeds.begin() + facts.first_seeds);
}

void use_decided_seeds(const RunFolder& folder, PlanFacts& facts) {
  if (facts.first_seeds == static_cast<Index>(facts.all_seeds.size())) return;
  const auto decisions = read_if_exists<Decisions>(folder.decisions());
  if (!decisions) return;
  facts.seeds_wanted = decisions->seeds;
  Index used = facts.first_seeds;
  for (const auto& [system, seeds] : decisions->seeds) used = std::max(used, seeds);
  used = std::min(used, static_cast<Index>(facts.all_seeds.size()));
  facts.seeds.assign(facts.all_seeds.begin(), facts.all_seeds.begin() + used);
}

Decisions Decider::operator()(const DecisionPlan& plan) {
  return (*this)(plan, [&](const std::string& system, Index seed) {
    const RunPaths paths = folder_.run(system, seed);
    const auto status = read_if_exists<Status>(paths.status());
    if (!status) return RunEnd::missing;
    if (!status->finished) return RunEnd::failed;
    const auto scores = read_if_exists<Scores>(paths.scores());
    return scores && scores->tests.contains(plan.claim.test) ? RunEnd::finished : RunEnd::missing;
  });
}

Decisions Decider::operator()(const DecisionPlan& plan, const Ends& end) {
  const auto metric = evaluation::facts_of(plan.claim.metric).make();
  const std::string of = fmt::format("{} {}", metric->name(), plan.claim.test);
  if (kept_->of != of) *kept_ = {.of = of, .references = {}, .runs = {}};

  const auto scored = [&](const std::string& system, Index seed) -> const Scored& {
    const auto [at, is_new] = kept_->runs.try_emplace({system, seed});
    if (!is_new) return at->second;
    if (kept_->references.empty()) kept_->references = read_log(folder_.test_target(plan.claim.test));
    const auto statistics =
        metric->statistics(read_log(folder_.run(system, seed).hypotheses(plan.claim.test)), {kept_->references});
    at->second = {metric->score(statistics.sum()), evaluation::leave_one_out(*metric, statistics)};
    return at->second;
  };
  // The method's claim from the first `count` seeds.
  const auto claim_of = [&](const std::string& system, Index count) {
    const double sign = evaluation::facts_of(plan.claim.metric).lower_is_better ? -1.0 : 1.0;
    std::vector<double> differences;
    std::vector<std::vector<double>> left_out;
    for (Index k = 0; k < count; ++k) {
      const Index seed = plan.seeds[static_cast<std::size_t>(k)];
      const Scored& ours = scored(system, seed);
      const Scored& theirs = scored(plan.baseline, seed);
      differences.push_back(sign * (ours.score - theirs.score));
      left_out.push_back(ours.left_out);
      for (std::size_t i = 0; i < ours.left_out.size(); ++i)
        left_out.back()[i] = sign * (ours.left_out[i] - theirs.left_out[i]);
    }
    return evaluation::method_claim(differences, left_out);
  };
  // Whether one of the first `count` runs of a system failed or is missing.
  const auto worst_end = [&](const std::string& system, Index count) {
    RunEnd worst = RunEnd::finished;
    for (Index k = 0; k < count; ++k) {
      const RunEnd each = end(system, plan.seeds[static_cast<std::size_t>(k)]);
      if (each == RunEnd::missing) return each;
      worst = std::min(worst, each);
    }
    return worst;
  };

  Decisions decisions;
  decisions.metric = evaluation::facts_of(plan.claim.metric).key;
  decisions.test = plan.claim.test;
  decisions.effect = plan.claim.effect;
  decisions.alpha = plan.claim.alpha;
  decisions.power = plan.claim.power;
  decisions.first = plan.first;
  decisions.most = static_cast<Index>(plan.seeds.size());
  decisions.baseline = plan.baseline;
  std::vector<std::string> others;
  for (const std::string& system : plan.systems) {
    decisions.seeds[system] = plan.first;
    if (system != plan.baseline) others.push_back(system);
  }
  const evaluation::SequentialDesign design{.effect = plan.claim.effect,
                                            .alpha = plan.claim.alpha,
                                            .power = plan.claim.power,
                                            .first = plan.first,
                                            .most = decisions.most};
  evaluation::Sequential sequential(design, others.size());
  for (Index round = plan.first;;) {
    // Every run of the round has ended; a baseline that failed cannot be compared with.
    if (worst_end(plan.baseline, round) != RunEnd::finished) return decisions;
    std::vector<std::optional<evaluation::MethodClaim>> claims;
    for (const std::string& system : others) {
      const RunEnd worst = worst_end(system, number_of_seeds(decisions, system));
      if (worst == RunEnd::missing) return decisions;
      claims.emplace_back();
      if (worst == RunEnd::finished) claims.back() = claim_of(system, number_of_seeds(decisions, system));
    }
    if (!kept_->references.empty()) decisions.sentences = static_cast<Index>(kept_->references.size());
    std::vector<evaluation::Look> looks = sequential(claims);
    add_needs(looks, claims, design);
    DecisionRound& done = decisions.rounds.emplace_back();
    done.seeds = round;
    bool open = false;
    bool at_most = false;
    for (std::size_t i = 0; i < others.size(); ++i) {
      done.systems.push_back({others[i], looks[i]});
      open = open || looks[i].finding == Finding::open;
      at_most = at_most || looks[i].obstacle == evaluation::Obstacle::most;
    }
    if (!plan_next_round(decisions)) {
      decisions.state = !open ? DecisionState::decided : at_most ? DecisionState::most : DecisionState::hopeless;
      return decisions;
    }
    round = decisions.seeds.at(plan.baseline);
  }
}

}  // namespace regard::runs
