#include "framework/experiment/schedule/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/write.h"
#include "framework/experiment/plan/trials.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

using config::Node;

// Returns the metric of a run's best validation up to an epoch (0: any); nothing if it did not get there.
std::optional<double> metric_of(const runs::RunPaths& paths, TuneOptions::Metric metric, Index epochs) {
  std::optional<double> best;
  Index reached = 0;
  for (const std::string& line : read_log(paths.history())) {
    const auto entry = runs::from_json<HistoryEntry>(line, paths.history().string());
    reached = entry.epoch;
    if (epochs > 0 && entry.epoch > epochs) continue;
    const double value = metric == TuneOptions::Metric::loss ? entry.valid_loss : entry.valid_bleu;
    const bool better = !best || (metric == TuneOptions::Metric::loss ? value < *best : value > *best);
    if (better) best = value;
  }
  const bool got_there = epochs > 0 && reached >= epochs;
  return got_there || is_finished(paths) ? best : std::nullopt;
}

// What a candidate reached by a step.
struct Standing {
  std::vector<double> of_seed;  // NaN: failed
  double mean = 0;
};

Standing standing_of(const Plan& plan, const runs::RunFolder& tuning, const std::string& candidate, Index epochs) {
  Standing standing;
  double sum = 0;
  for (const Index seed : plan.tune.seeds) {
    const double value = metric_of(tuning.run(candidate, seed), plan.tune.metric, epochs)
                             .value_or(std::numeric_limits<double>::quiet_NaN());
    standing.of_seed.push_back(value);
    sum += value;
  }
  standing.mean = sum / static_cast<double>(plan.tune.seeds.size());
  return standing;
}

// Returns whether the first is the better one. A failed one is worse than all others.
bool is_better(TuneOptions::Metric metric, double a, double b) {
  if (!std::isfinite(a)) return false;
  if (!std::isfinite(b)) return true;
  return metric == TuneOptions::Metric::loss ? a < b : a > b;
}

Node with_epochs(Node root, Index epochs) {
  const Node value = config::make_plain(fmt::format("{}", epochs));
  root = config::apply_override(std::move(root), "training.epochs", value, root.origin);
  for (Node::Entry& system : root.get("systems")->entries) {
    for (Node::Entry& key : system.value.entries) {
      if (key.key == "training.epochs") key.value = value;
    }
  }
  return root;
}

bool is_trained_as(const Plan& candidates, const runs::RunFolder& tuning, const std::string& candidate, Index seed,
                   ContentHashes& hashes) {
  const System& system = system_named(candidates, candidate);
  const runs::RunPaths paths = tuning.run(candidate, seed);
  if (!std::filesystem::exists(paths.identity())) return false;
  if (!difference_from(candidates, system, seed, paths).empty()) return false;
  try {
    const auto state = resume_state_of(candidates, system, seed, tuning, false, hashes);
    return state == ResumeState::finished || state == ResumeState::missing || state == ResumeState::tests_differ;
  } catch (const FolderError&) {  // trained otherwise
    return false;
  }
}

std::string yaml_of(const Node& value) {
  std::string text = config::to_yaml(value);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

std::vector<Index> steps_of(const Plan& plan) {
  if (plan.tune.halving.first == 0) return {0};
  const Index last = plan.systems.front().training.most_epochs();
  std::vector<Index> steps;
  for (Index epochs = plan.tune.halving.first; epochs < last; epochs *= plan.tune.halving.factor)
    steps.push_back(epochs);
  steps.push_back(last);
  return steps;
}

Plan tuning_plan(const Plan& plan, std::size_t step, const OwnEpochs& own) {
  Node root = plan.root;
  const Node tune = *root.get("tune");
  root.erase("tune");
  root.erase("report");
  const std::vector<GridPoint> points = tuning_points(plan);
  Node report = config::make_map();
  report.put("baseline", config::make_text(plan.report.baseline + points.front().suffix));
  root.put("report", std::move(report));
  const Node* seeds = tune.get("seeds");
  Node default_value = config::make_list();
  for (const Index seed : plan.tune.seeds)
    default_value.items.push_back(config::make_plain(fmt::format("{}", seed)));
  root.put("seeds", seeds == nullptr ? default_value : *seeds);
  const bool random = plan.tune.search == TuneOptions::Search::random;
  const char* const where = random ? "space" : "grid";
  root = crossed(std::move(root), points, *tune.get(where), fmt::format("tune.{}", where));
  root = config::apply_override(std::move(root), "decoding.test", config::make_text("never"), tune.origin);
  if (plan.tune.budget.of_length()) {
    runs::Budget budget = plan.tune.budget;
    budget.parameters = plan.budget.parameters;
    root.put("budget", config::to_node(runs::budget_rows(), budget));
  }
  if (const Index epochs = steps_of(plan)[step]; epochs > 0) root = with_epochs(std::move(root), epochs);
  for (Node::Entry& system : root.get("systems")->entries) {
    if (const auto found = own.find(system.key); found != own.end())
      system.value.put("training.epochs", config::make_plain(fmt::format("{}", found->second)));
  }
  Plan candidates = make_plan(root, plan.plugins, plan.folder);
  for (std::size_t at = 0; at < candidates.systems.size(); ++at) {  // each system's points in their order
    candidates.matched_to.push_back(plan.report.baseline + points[at % points.size()].suffix);
  }
  return candidates;
}

OwnEpochs epochs_now(const Plan& plan, const runs::RunFolder& tuning) {
  OwnEpochs own;
  const std::vector<Index> steps = steps_of(plan);
  if (steps.size() == 1) return own;
  ContentHashes hashes;
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const Plan candidates = tuning_plan(plan, step);
    for (const System& system : candidates.systems) {
      const bool begun = std::any_of(candidates.seeds.begin(), candidates.seeds.end(), [&](Index seed) {
        return is_trained_as(candidates, tuning, system.name, seed, hashes);
      });
      if (begun) own[system.name] = steps[step];
    }
  }
  return own;
}

std::vector<std::string> candidates_of(const Plan& plan, const std::string& system) {
  std::vector<std::string> names;
  for (const GridPoint& point : tuning_points(plan)) names.push_back(system + point.suffix);
  return names;
}

std::size_t survivors(const Plan& plan, std::size_t candidates) {
  return std::max<std::size_t>(1, candidates / static_cast<std::size_t>(plan.tune.halving.factor));
}

std::vector<std::string> taking_part(const Plan& plan, const runs::RunFolder& tuning, const std::string& system,
                                     std::size_t step) {
  std::vector<std::string> names = candidates_of(plan, system);
  const std::vector<Index> steps = steps_of(plan);
  for (std::size_t past = 0; past < step; ++past) {
    std::map<std::string, double> means;
    for (const std::string& name : names) means[name] = standing_of(plan, tuning, name, steps[past]).mean;
    std::vector<std::string> ranked = names;
    std::stable_sort(ranked.begin(), ranked.end(), [&](const std::string& a, const std::string& b) {
      return is_better(plan.tune.metric, means.at(a), means.at(b));
    });
    ranked.resize(survivors(plan, names.size()));
    std::erase_if(names, [&](const std::string& name) {
      return std::find(ranked.begin(), ranked.end(), name) == ranked.end();
    });
  }
  return names;
}

bool is_beyond(const Plan& plan, const OwnEpochs& now, const std::string& candidate, std::size_t step) {
  const auto found = now.find(candidate);
  return found != now.end() && found->second > steps_of(plan)[step];
}

bool is_tuned(const Plan& plan, const runs::RunFolder& tuning, const std::string& system) {
  ContentHashes hashes;
  const OwnEpochs now = epochs_now(plan, tuning);
  for (std::size_t step = 0; step < steps_of(plan).size(); ++step) {
    const Plan candidates = tuning_plan(plan, step);
    std::vector<std::string> names = taking_part(plan, tuning, system, step);
    std::erase_if(names, [&](const std::string& name) { return is_beyond(plan, now, name, step); });
    for (const std::string& name : names) {
      for (const Index seed : plan.tune.seeds) {
        if (!is_trained_as(candidates, tuning, name, seed, hashes)) return false;
      }
    }
    if (!unfinished_candidate(candidates, tuning, names).empty()) return false;
  }
  return true;
}

std::string unfinished_candidate(const Plan& candidates, const runs::RunFolder& tuning,
                                 const std::vector<std::string>& wanted) {
  for (const System& system : candidates.systems) {
    if (std::find(wanted.begin(), wanted.end(), system.name) == wanted.end()) continue;
    for (const Index seed : candidates.seeds) {
      const runs::RunPaths paths = tuning.run(system.name, seed);
      const auto status = runs::read_if_exists<runs::Status>(paths.status()).value_or(runs::Status{});
      if (status.finished || status.stopped == runs::kDiverged) continue;
      return fmt::format(
          "{}: candidate {} with seed {} failed ({}), so nothing is chosen; the same "
          "command tries it again",
          tuning.folder.string(), system.name, seed, status.reason);
    }
  }
  return {};
}

runs::Tuning choose(const Plan& plan, const runs::RunFolder& tuning, const std::vector<std::string>& wanted) {
  runs::Tuning all;
  const bool random = plan.tune.search == TuneOptions::Search::random;
  all.metric = plan.tune.metric == TuneOptions::Metric::loss ? "loss" : "bleu";
  all.search = random ? "random" : "grid";
  for (const auto& [key, values] : random ? plan.tune.space : plan.tune.grid)
    all.tried.emplace(key, config::on_one_line(values));
  all.seeds = plan.tune.seeds;
  const std::vector<GridPoint> points = tuning_points(plan);
  const std::vector<Index> steps = steps_of(plan);
  for (const System& system : plan.systems) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), system.name) == wanted.end()) continue;
    runs::TunedSystem found{system.name, {}, -1};
    std::map<std::string, Index> ended_after;
    for (std::size_t step = 0; step < steps.size(); ++step) {
      for (const std::string& name : taking_part(plan, tuning, system.name, step)) ended_after[name] = steps[step];
    }
    double best = std::numeric_limits<double>::quiet_NaN();
    for (const GridPoint& point : points) {
      runs::TunedPoint tried;
      tried.system = system.name + point.suffix;
      for (const auto& [key, value] : point.values) tried.values.emplace(key, yaml_of(value));
      const Index epochs = ended_after.at(tried.system);
      const bool goes_to_the_end = epochs == steps.back();
      const Standing standing = standing_of(plan, tuning, tried.system, epochs);
      tried.of_seed = standing.of_seed;
      tried.mean = standing.mean;
      tried.epochs = goes_to_the_end ? 0 : epochs;
      if (goes_to_the_end && is_better(plan.tune.metric, tried.mean, best)) {
        best = tried.mean;
        found.chosen = static_cast<Index>(found.points.size());
      }
      found.points.push_back(std::move(tried));
    }
    if (found.chosen < 0) {
      throw FolderError(
          fmt::format("{}: no candidate of system '{}' finished with all seeds, so nothing can be chosen for it; "
                      "`regard status {}` shows why",
                      tuning.folder.string(), system.name, tuning.folder.string()));
    }
    found.ends = ends_reached(plan, points[static_cast<std::size_t>(found.chosen)]);
    all.systems.push_back(std::move(found));
  }
  return all;
}

Plan tuned(const Plan& plan, const runs::Tuning& tuning) {
  const std::vector<GridPoint> points = tuning_points(plan);
  Choices choices;
  for (const runs::TunedSystem& system : tuning.systems) {
    choices.emplace_back(system.name, points[static_cast<std::size_t>(system.chosen)].values);
  }
  return with_choices(plan, choices);
}

}  // namespace regard::experiment
