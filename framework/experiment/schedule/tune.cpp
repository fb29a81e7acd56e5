#include "framework/experiment/schedule/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/write.h"
#include "framework/experiment/plan/grid.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

using config::Node;

std::vector<GridPoint> points_of(const Plan& plan) {
  return grid_points(*plan.root.find("tune.grid"), "tune.grid");
}

// Returns the metric of a run's best validation; nothing if the run did not finish.
std::optional<double> metric_of(const runs::RunPaths& paths, TuneOptions::Metric metric) {
  if (!is_finished(paths)) return std::nullopt;
  std::optional<double> best;
  for (const std::string& line : read_log(paths.history())) {
    const auto entry = runs::from_json<HistoryEntry>(line, paths.history().string());
    const double value = metric == TuneOptions::Metric::loss ? entry.valid_loss : entry.valid_bleu;
    const bool better = !best || (metric == TuneOptions::Metric::loss ? value < *best : value > *best);
    if (better) best = value;
  }
  return best;
}

}  // namespace

Plan tuning_plan(const Plan& plan) {
  Node root = plan.root;
  const Node tune = *root.get("tune");
  root.erase("tune");
  root.erase("report");
  const std::vector<GridPoint> points = points_of(plan);
  Node report = config::make_map();
  report.put("baseline", config::make_text(plan.report.baseline + points.front().suffix));
  root.put("report", std::move(report));
  const Node* seeds = tune.get("seeds");
  Node default_value = config::make_list();
  for (const Index seed : plan.tune.seeds)
    default_value.items.push_back(config::make_plain(fmt::format("{}", seed)));
  root.put("seeds", seeds == nullptr ? default_value : *seeds);
  root = crossed(std::move(root), *tune.get("grid"), "tune.grid");
  root = config::apply_override(std::move(root), "decoding.test", config::make_text("never"), tune.origin);
  Plan candidates = make_plan(root, plan.plugins, plan.folder);
  for (std::size_t at = 0; at < candidates.systems.size(); ++at) {  // each system's points in their order
    candidates.matched_to.push_back(plan.report.baseline + points[at % points.size()].suffix);
  }
  return candidates;
}

std::vector<std::string> candidates_of(const Plan& plan, const std::string& system) {
  std::vector<std::string> names;
  for (const GridPoint& point : points_of(plan)) names.push_back(system + point.suffix);
  return names;
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

runs::Tuning choose(const Plan& plan, const runs::RunFolder& folder, const std::vector<std::string>& wanted) {
  runs::Tuning tuning;
  tuning.metric = plan.tune.metric == TuneOptions::Metric::loss ? "loss" : "bleu";
  tuning.seeds = plan.tune.seeds;
  const double sign = plan.tune.metric == TuneOptions::Metric::loss ? 1 : -1;
  for (const System& system : plan.systems) {
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), system.name) == wanted.end()) continue;
    runs::TunedSystem found{system.name, {}, -1};
    double least = std::numeric_limits<double>::infinity();
    for (const GridPoint& point : points_of(plan)) {
      runs::TunedPoint tried;
      tried.system = system.name + point.suffix;
      for (const auto& [key, value] : point.values) {
        std::string text = config::to_yaml(value);
        while (!text.empty() && text.back() == '\n') text.pop_back();
        tried.values.emplace(key, text);
      }
      double sum = 0;
      for (const Index seed : plan.tune.seeds) {
        const double value = metric_of(folder.run(tried.system, seed), plan.tune.metric)
                                 .value_or(std::numeric_limits<double>::quiet_NaN());
        tried.of_seed.push_back(value);
        sum += value;
      }
      tried.mean = sum / static_cast<double>(plan.tune.seeds.size());
      if (std::isfinite(tried.mean) && sign * tried.mean < least) {
        least = sign * tried.mean;
        found.chosen = static_cast<Index>(found.points.size());
      }
      found.points.push_back(std::move(tried));
    }
    if (found.chosen < 0) {
      throw FolderError(
          fmt::format("{}: no candidate of system '{}' finished with all seeds, so nothing can be chosen for it; "
                      "`regard status {}` shows why",
                      folder.folder.string(), system.name, folder.folder.string()));
    }
    tuning.systems.push_back(std::move(found));
  }
  return tuning;
}

Plan tuned(const Plan& plan, const runs::Tuning& tuning) {
  const std::vector<GridPoint> points = points_of(plan);
  Choices choices;
  for (const runs::TunedSystem& system : tuning.systems) {
    choices.emplace_back(system.name, points[static_cast<std::size_t>(system.chosen)].values);
  }
  return with_choices(plan, choices);
}

}  // namespace regard::experiment
