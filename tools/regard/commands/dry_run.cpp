#include "tools/regard/commands/dry_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "framework/base/parallel.h"
#include "framework/config/section.h"
#include "framework/config/write.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/experiment/schedule/match.h"
#include "framework/experiment/schedule/memory_need.h"
#include "framework/experiment/schedule/pool.h"
#include "framework/experiment/schedule/rounds.h"
#include "framework/experiment/schedule/tune.h"
#include "framework/report/tables/table.h"
#include "tools/regard/commands/progress_view.h"

namespace regard::cli {
namespace {

using experiment::Cost;
using experiment::Plan;
using experiment::System;

// Collects the leaves of a tree as dotted keys with their values. The type of a variant is at the variant's own
// key: "model.attention".
void leaves(const config::Node& node, const std::string& key,
            std::vector<std::pair<std::string, std::string>>& all) {
  if (node.kind == config::Node::Kind::map) {
    for (const auto& entry : node.entries)
      leaves(entry.value, entry.key == "type" ? key : config::join_key(key, entry.key), all);
    return;
  }
  std::string text = config::to_yaml(node);
  text.erase(text.find_last_not_of('\n') + 1);
  all.emplace_back(key, text);
}

std::vector<std::pair<std::string, std::string>> keys_of(const System& system) {
  std::vector<std::pair<std::string, std::string>> all;
  leaves(config::to_node(models::model_rows(), system.model), "model", all);
  leaves(config::to_node(training::training_rows(), system.training), "training", all);
  leaves(config::to_node(decoding::search_rows(), system.decoding), "decoding", all);
  return all;
}

// Returns lines such as "model.attention: dot -> none", one for each key in which a system differs from the
// baseline, defaults included.
std::string differences(const System& system, const System& baseline) {
  const auto mine = keys_of(system);
  const auto others = keys_of(baseline);
  const auto value = [](const auto& keys, const std::string& key) {
    const auto at = std::find_if(keys.begin(), keys.end(), [&](const auto& pair) { return pair.first == key; });
    return at == keys.end() ? std::string("-") : at->second;
  };
  std::string text;
  for (const auto& [key, now] : mine) {
    if (value(others, key) != now) text += fmt::format("    {}: {} -> {}\n", key, value(others, key), now);
  }
  for (const auto& [key, before] : others) {
    if (value(mine, key) == "-") text += fmt::format("    {}: {} -> -\n", key, before);
  }
  return text.empty() ? "    nothing\n" : text;
}

// The runs that still have work to do.
struct Left {
  std::map<std::string, Index> runs;      // their number for each system
  std::map<std::string, double> lengths;  // for each system, what its trainings lack; 1 is a whole training
  Index all = 0;
  Index finished = 0;
  Index begun = 0;
};

// FolderError as `regard run` gives it, where the folder has a training that the plan would discard. All runs of the
// systems of `whole` are left, whatever the folder has. With `decisions`, only the seeds that they want are counted.
Left left_in(const runs::RunFolder& folder, const Plan& plan, bool retrain,
             const std::vector<std::string>& whole = {},
             const std::optional<runs::Decisions>& decisions = std::nullopt) {
  Left left;
  experiment::ContentHashes hashes;
  std::map<std::pair<std::string, Index>, double> done;
  if (std::filesystem::exists(folder.resolved_plan())) {
    for (const runs::RunProgress& run : runs::progress_of(folder.folder).runs) {
      if (run.updates > 0)
        done[{run.system, run.seed}] = static_cast<double>(run.update) / static_cast<double>(run.updates);
    }
  }
  for (const System& system : plan.systems) {
    const bool counted = std::find(whole.begin(), whole.end(), system.name) == whole.end();
    for (const Index seed : experiment::seeds_of(plan, system, decisions)) {
      using experiment::ResumeState;
      const ResumeState state = counted ? experiment::resume_state_of(plan, system, seed, folder, retrain, hashes)
                                        : ResumeState::missing;
      if (state == ResumeState::finished) {
        ++left.finished;
        continue;
      }
      const bool kept = counted && state != ResumeState::discarded;
      const bool trained = kept && experiment::is_finished(folder.run(system.name, seed));
      const bool begun = kept && experiment::is_begun(folder.run(system.name, seed));
      if (begun) ++left.begun;
      ++left.all;
      ++left.runs[system.name];
      const double share = begun && done.contains({system.name, seed}) ? done[{system.name, seed}] : 0;
      left.lengths[system.name] += trained ? 0 : std::max(0.0, 1 - share);
    }
  }
  return left;
}

std::string costs_of(const Plan& plan, const experiment::RunRequest& request, const Left& left) {
  const Index threads = request.threads > 0 ? request.threads : regard::threads();
  const Index jobs = experiment::jobs_of(request, left.all);
  std::string before;
  if (left.finished > 0 || left.begun > 0) {
    before = fmt::format("{}: {} of {} runs finished, {} begun; only the rest is counted\n", request.folder,
                         left.finished, left.finished + left.all, left.begun);
  }
  if (left.all == 0) return before;
  const auto costs = experiment::cost_estimate(plan, std::max<Index>(1, threads / jobs));
  report::Table table;
  for (const char* title : {"system", "runs", "parameters", "updates", "Tflop", "time", "MB"}) {
    table.columns.push_back({title, "", !table.columns.empty()});
  }
  double seconds = 0;
  std::vector<double> memory;  // of each run
  for (const Cost& cost : costs.systems) {
    const auto cells = [&](const std::vector<std::string>& texts) {
      std::vector<report::Cell> row;
      for (const std::string& text : texts) {
        row.emplace_back();
        row.back().text = text;
      }
      table.rows.push_back(std::move(row));
    };
    const auto runs = left.runs.find(cost.system);
    if (runs == left.runs.end()) continue;
    const std::string runs_of = fmt::format("{}", runs->second);
    if (!cost.failure.empty()) {
      cells({cost.system, runs_of, "-", "-", "-", "-", "-"});
      table.notes.push_back(fmt::format("{} could not be measured: {}", cost.system, cost.failure));
      continue;
    }
    cells({cost.system, runs_of, fmt::format("{}", cost.parameters), fmt::format("{}", cost.updates),
           fmt::format("{:.3g}", cost.flops / 1e12), duration(cost.seconds),
           fmt::format("{:.0f}", static_cast<double>(cost.memory_bytes) / 1e6)});
    seconds += cost.seconds * left.lengths.at(cost.system);
    memory.insert(memory.end(), static_cast<std::size_t>(runs->second), static_cast<double>(cost.memory_bytes));
  }
  table.notes.push_back(fmt::format(
      "The figures are for the whole training of one run, estimated from a few measured steps with {} thread{}.",
      std::max<Index>(1, threads / jobs), threads / jobs > 1 ? "s" : ""));
  const auto is_auto = [](const System& system) { return system.training.epochs.is_auto(); };
  if (std::any_of(plan.systems.begin(), plan.systems.end(), is_auto)) {
    table.notes.push_back(
        fmt::format("With training.epochs auto it is the longest training, {} epochs; it usually ends earlier.",
                    training::TrainingOptions::kMostEpochs));
  }
  table.notes.push_back(fmt::format("{}, {} at a time: about {}.",
                                    left.all == 1 ? "1 run" : fmt::format("All {} runs", left.all), jobs,
                                    duration(seconds / static_cast<double>(jobs))));
  std::string text = before;
  const UsableMemory shared = shared_memory();
  const Index fit = experiment::jobs_that_fit(memory, jobs, shared);
  if (fit < std::min(jobs, static_cast<Index>(memory.size()))) {
    text += fmt::format(
        "warning: {} runs at a time take more than the {:.1f} GB that they may take together ({}); "
        "{} fit\n",
        jobs, static_cast<double>(shared.bytes) / 1e9, shared.limit, fit);
  }
  for (const std::string& warning : costs.warnings) text += "warning: " + warning + "\n";
  return text + report::to_terminal(table);
}

// Returns the decisions so far of a plan whose seeds are added until its claim is decided; nothing for other plans.
std::optional<runs::Decisions> decisions_of(const Plan& plan, const experiment::RunRequest& request) {
  if (!plan.rounds) return std::nullopt;
  experiment::ContentHashes hashes;
  return experiment::Rounds(plan, runs::RunFolder{request.folder}, request.retrain, hashes).decide();
}

std::string rounds_text(const Plan& plan, const runs::Decisions& decisions) {
  return fmt::format(
      "seeds are added until report.claim is decided: {}. The figures above are for the runs of the next round; no "
      "system gets more than {} seeds, which would be {} runs in all\n",
      runs::summary(decisions), plan.seeds.size(), plan.seeds.size() * plan.systems.size());
}

// Returns the plan with only the named systems (`--only`); with all of them if `names` is empty.
Plan with_only(Plan plan, const std::vector<std::string>& names) {
  for (const std::string& name : names) static_cast<void>(experiment::system_named(plan, name));
  if (names.empty()) return plan;
  std::erase_if(plan.systems, [&](const System& system) {
    return std::find(names.begin(), names.end(), system.name) == names.end();
  });
  return plan;
}

// Returns how many candidates halving lets go on, and to how many epochs.
std::string later_steps(const Plan& plan) {
  const std::vector<Index> steps = experiment::steps_of(plan);
  std::size_t candidates = experiment::candidates_of(plan, plan.systems.front().name).size();
  std::string text;
  for (std::size_t step = 1; step < steps.size(); ++step) {
    candidates = experiment::survivors(plan, candidates);
    text += fmt::format("{}{} of each system go on to {} epochs",
                        text.empty() ? "this is the first step; then " : ", then ", candidates, steps[step]);
  }
  return text.empty() ? "" : text + "\n";
}

}  // namespace

std::string dry_run(const Plan& plan, const experiment::RunRequest& request) {
  std::string text;
  const auto matched = [](const Plan& each) {
    if (!each.budget.parameters) return each;
    return experiment::matched(each, experiment::load_corpora(each, runs::RunFolder{}));
  };
  Plan shown = matched(plan);
  const runs::RunFolder folder{request.folder};
  std::vector<std::string> unchosen;  // systems whose candidates are not all finished
  for (const std::string& warning : shown.warnings) text += "warning: " + warning + "\n";
  if (!plan.tune.empty()) {
    Plan candidates = matched(experiment::tuning_plan(plan, 0, experiment::epochs_now(plan, {folder.tune()})));
    std::erase_if(candidates.systems, [&](const System& candidate) {
      return !request.only.empty() &&
             std::none_of(request.only.begin(), request.only.end(),
                          [&](const std::string& name) { return candidate.name.starts_with(name + "-"); });
    });
    const Left left = left_in({folder.tune()}, candidates, request.retrain);
    text += "candidates of the tuning, whose test sets are not decoded:\n" + costs_of(candidates, request, left) +
            "\n";
    std::vector<std::string> chosen;
    for (const System& system : with_only(plan, request.only).systems)
      (experiment::is_tuned(plan, {folder.tune()}, system.name) ? chosen : unchosen).push_back(system.name);
    if (!unchosen.empty()) text += later_steps(plan);
    if (!chosen.empty())
      shown = matched(experiment::tuned(plan, experiment::choose(plan, {folder.tune()}, chosen)));
    text += unchosen.empty() ? "the runs, with what tuning chose:\n"
                             : fmt::format(
                                   "the runs; those of {} are counted whole, with what tuning has not "
                                   "chosen yet as the plan writes it:\n",
                                   fmt::join(unchosen, ", "));
  }
  const System baseline = experiment::system_named(shown, shown.report.baseline);
  const auto decisions = decisions_of(shown, request);
  shown = with_only(std::move(shown), request.only);
  text += costs_of(shown, request, left_in(folder, shown, request.retrain, unchosen, decisions));
  if (decisions) text += rounds_text(shown, *decisions);
  const std::string equal = runs::budget_summary(plan.budget, plan.report.baseline);
  if (!equal.empty()) text += "equal for all systems: " + equal + "\n";
  for (const System& system : shown.systems) {
    if (system.name == baseline.name) continue;
    text += fmt::format("{} differs from {} in\n{}", system.name, baseline.name, differences(system, baseline));
  }
  return text;
}

}  // namespace regard::cli
