// Measures the cost of a run beside its training steps: checkpoints, histories, logs, hashes, events. A bare
// trainer and a run in a folder do the same steps, in turn:
//
//   regard_overhead PLAN SYSTEM [--rounds N] [--set KEY=VALUE]...
//
// "outside" is the whole time of a run without its steps and its validations. It does not depend on the speed of
// the steps, which differs by more than 2 % from round to round. "ratio" is the ratio of the two step times, which
// shows whether steps are slower within a run.
#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/training_run.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/parallel.h"
#include "framework/experiment/run/run.h"
#include "framework/experiment/schedule/worker.h"
#include "framework/runs/results_json.h"
#include "framework/training/trainer.h"

namespace regard::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Round {
  double bare = 0;        // seconds of the bare training's steps
  double steps = 0;       // seconds of the run's steps
  double validation = 0;  // seconds of the run's validations
  double run = 0;         // seconds of the whole run
  [[nodiscard]] double outside() const { return run - validation - steps; }
};

double bare_training(const experiment::System& system, const experiment::Corpora& corpora, std::uint64_t seed) {
  models::Seq2Seq model(system.model, corpora.prepared.source.size(), corpora.prepared.target.size(), seed);
  double seconds = 0;
  training::Hooks hooks;
  hooks.validate = [](const models::Seq2Seq&) { return training::Validation{1, 0, 0}; };
  hooks.validated = [&seconds](const HistoryEntry&, const TimingEntry& time) { seconds = time.seconds; };
  std::vector<data::Alignment> alignments;
  if (system.training.guided_alignment > 0) alignments = corpora.prepared.gold.in_memory();
  training::Trainer(model, corpora.prepared.train, system.training, seed, {}, hooks, alignments).run();
  return seconds;
}

Round one_round(const experiment::Plan& plan, const experiment::System& system, const experiment::Corpora& corpora,
                const Path& folder) {
  Round round;
  round.bare = bare_training(system, corpora, static_cast<std::uint64_t>(plan.seeds.front()));
  std::FILE* nowhere = std::fopen("/dev/null", "w");  // for the lines that a worker sends to its parent
  experiment::RunHooks hooks;
  auto last = Clock::now();
  hooks.event = [&](const experiment::RunEvent& event) {  // as worker.cpp
    if (std::holds_alternative<training::Progress>(event)) {
      if (seconds_since(last) < 0.2) return;
      last = Clock::now();
    }
    fmt::print(nowhere, "{}", experiment::to_line(event));
    std::fflush(nowhere);
  };
  const runs::RunFolder where{folder};
  const auto start = Clock::now();
  static_cast<void>(experiment::do_run(plan, system, plan.seeds.front(), corpora, where, hooks));
  round.run = seconds_since(start);
  std::fclose(nowhere);
  const runs::RunPaths paths = where.run(system.name, plan.seeds.front());
  for (const std::string& line : read_log(paths.timing())) {
    const auto entry = runs::from_json<TimingEntry>(line, paths.timing().string());
    round.steps = entry.seconds;
    round.validation += entry.validation_seconds;
  }
  std::filesystem::remove_all(folder);
  return round;
}

int measure(const std::string& file, const std::string& name, Index rounds, std::vector<std::string> sets) {
  sets.emplace_back("decoding.test=never");
  const experiment::Plan plan = experiment::read_plan(file, sets);
  const experiment::System& system = experiment::system_named(plan, name);
  std::string folder = "overhead-XXXXXX";  // in the current folder, because /tmp may be in memory
  if (mkdtemp(folder.data()) == nullptr) throw FolderError(folder + ": cannot be created");
  const experiment::Corpora corpora = experiment::load_corpora(plan, {folder});
  fmt::print("{}, system {}, {} threads\n{:>8} {:>8} {:>8} {:>8} {:>9}\n", file, name, threads(), "bare s",
             "steps s", "ratio", "outside", "% of steps");
  std::vector<double> ratios;
  std::vector<double> shares;
  for (Index at = 0; at < rounds; ++at) {
    const Round round = one_round(plan, system, corpora, Path(folder) / "run");
    ratios.push_back(round.steps / round.bare);
    shares.push_back(100 * round.outside() / round.steps);
    fmt::print("{:8.3f} {:8.3f} {:8.3f} {:8.3f} {:9.2f}\n", round.bare, round.steps, ratios.back(),
               round.outside(), shares.back());
    std::fflush(stdout);
  }
  std::filesystem::remove_all(folder);
  fmt::print(
      "median: the steps of a run take {:.3f} times as long as a bare training's; the run spends {:.2f} % of that "
      "time outside of steps and validations\n",
      median(ratios), median(shares));
  return 0;
}

}  // namespace
}  // namespace regard::bench

int main(int count, char** words) {
  try {
    std::vector<std::string> plain;
    std::vector<std::string> sets;
    regard::Index rounds = 5;
    for (int at = 1; at < count; ++at) {
      const std::string word = words[at];
      if (word == "--set" && at + 1 < count) {
        sets.emplace_back(words[++at]);
      } else if (word == "--rounds" && at + 1 < count) {
        rounds = std::stol(words[++at]);
      } else {
        plain.push_back(word);
      }
    }
    if (plain.size() != 2 || rounds < 1) {
      fmt::print(stderr, "usage: regard_overhead PLAN SYSTEM [--rounds N] [--set KEY=VALUE]...\n");
      return 2;
    }
    return regard::bench::measure(plain[0], plain[1], rounds, sets);
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
