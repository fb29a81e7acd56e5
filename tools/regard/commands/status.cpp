// regard status FOLDER: shows the progress of each run of a plan, also from another terminal and after the end.
#include <fmt/format.h>

#include <limits>

#include "framework/runs/results_json.h"
#include "tools/regard/commands/arguments.h"
#include "tools/regard/commands/progress_view.h"

namespace regard::cli {

namespace {

// What the runs were worth (runs/run_facts.h), a line for each fact.
void show_facts(const Path& folder) {
  const runs::PlanFacts plan = runs::plan_facts(folder);
  for (const runs::SystemFacts& system : plan.systems) {
    for (const Index seed : plan.seeds) {
      const auto stored =
          runs::read_if_exists<runs::RunFacts>(runs::RunFolder{folder}.run(system.name, seed).facts());
      if (!stored) continue;
      for (const runs::RunFact& fact : stored->facts) fmt::print("{} seed {}: {}\n", system.name, seed, fact.text);
    }
  }
}

}  // namespace

int status(const Words& words) {
  Arguments arguments("status", "status FOLDER");
  arguments.positional("folder", "a run folder", 1);
  if (!arguments.parse(words)) return 0;
  const std::string folder = arguments.required("folder");
  constexpr std::size_t kAll = std::numeric_limits<Index>::max();
  const auto show = [](const runs::PlanProgress& progress) {
    for (const std::string& line : progress_view(progress, kAll, kAll)) fmt::print("{}\n", line);
    if (!progress.holder) return;
    fmt::print("in use by process {} on host {} since {}\n", progress.holder->process, progress.holder->host,
               progress.holder->since);
  };
  const runs::RunFolder paths{folder};
  if (std::filesystem::exists(runs::RunFolder{paths.tune()}.resolved_plan())) {
    fmt::print("candidates of the tuning:\n");
    show(runs::progress_of(paths.tune()));
    if (!std::filesystem::exists(paths.resolved_plan())) return 0;
    fmt::print("\n");
  }
  show(runs::progress_of(folder));
  show_facts(folder);
  if (const auto decisions = runs::read_if_exists<runs::Decisions>(paths.decisions())) {
    fmt::print("\nclaim on {}: {}\n", decisions->test, runs::summary(*decisions));
    for (const auto& [system, seeds] : decisions->seeds) {
      if (system != decisions->baseline) fmt::print("  {}\n", runs::in_words(*decisions, system));
    }
  }
  return 0;
}

}  // namespace regard::cli
