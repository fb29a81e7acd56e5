#include "framework/runs/progress.h"

#include <algorithm>
#include <charconv>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/yaml.h"
#include "framework/runs/budget.h"
#include "framework/runs/results_json.h"

namespace regard::runs {
namespace {

Index length(const config::Node& identity, const char* key) {
  const config::Node* node = identity.find(key);
  Index value = 0;
  if (node != nullptr) std::from_chars(node->scalar.data(), node->scalar.data() + node->scalar.size(), value);
  return value < kEndless ? value : 0;
}

// How long the training is meant to be, by run.yaml; updates by how many an epoch had so far.
void read_length(const RunPaths& paths, RunProgress& run) {
  const auto text = regard::read_if_exists(paths.identity());
  if (!text) return;
  const config::Node identity = config::parse_yaml(*text, paths.identity().string());
  run.epochs = length(identity, "training.epochs");
  run.updates = length(identity, "training.max_updates");
  if (run.updates == 0 && run.epoch > 0) run.updates = run.update * run.epochs / run.epoch;
}

// Reads the progress of one run from its files.
RunProgress look_at(const RunFolder& folder, const std::string& system, Index seed) {
  const RunPaths paths = folder.run(system, seed);
  RunProgress run;
  run.system = system;
  run.seed = seed;
  run.state = std::filesystem::exists(paths.identity()) ? ProgressState::stopped : ProgressState::waiting;
  if (const auto lines = read_log(paths.history()); !lines.empty()) {
    const auto last = from_json<HistoryEntry>(lines.back(), paths.history().string());
    run.epoch = last.epoch;
    run.update = last.update;
    run.loss = last.train_loss;
    run.bleu = last.valid_bleu;
  }
  read_length(paths, run);
  if (const auto lines = read_log(paths.timing()); !lines.empty()) {
    const auto last = from_json<TimingEntry>(lines.back(), paths.timing().string());
    run.seconds = last.seconds;
    run.tokens_per_second = last.tokens_per_second;
  }
  if (const auto status = read_if_exists<Status>(paths.status())) {
    run.state = status->finished ? ProgressState::finished : ProgressState::failed;
    run.reason = status->reason;
  }
  return run;
}

}  // namespace

std::optional<double> seconds_left(const PlanProgress& progress) {
  double known = 0;  // estimated total times of the runs that have started
  double ahead = 0;
  Index begun = 0;
  Index waiting = 0;
  for (const RunProgress& run : progress.runs) {
    const bool running = run.state == ProgressState::running && run.seconds_left > 0;
    if (run.state == ProgressState::waiting) ++waiting;
    if (running) ahead += run.seconds_left;
    if (!running && run.state != ProgressState::finished) continue;
    if (run.seconds <= 0) continue;
    known += run.seconds + (running ? run.seconds_left : 0);
    ++begun;
  }
  if (begun == 0) return std::nullopt;
  ahead += static_cast<double>(waiting) * known / static_cast<double>(begun);
  return ahead / static_cast<double>(std::max<Index>(1, progress.jobs));
}

PlanProgress progress_of(const Path& folder) {
  const RunFolder paths{folder};
  const PlanFacts facts = plan_facts(folder);
  PlanProgress progress;
  progress.holder = FolderLock::holder(folder);
  if (progress.holder) {
    if (auto stored = read_if_exists<PlanProgress>(paths.progress())) {
      stored->holder = progress.holder;
      return *std::move(stored);
    }
  }
  progress.plan = facts.name;
  for (const SystemFacts& system : facts.systems) {
    for (const Index seed : facts.seeds_of(system.name))
      progress.runs.push_back(look_at(paths, system.name, seed));
  }
  return progress;
}

}  // namespace regard::runs
