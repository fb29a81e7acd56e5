// Workers are this program: worker_test.cpp.
#include "framework/experiment/schedule/pool.h"

#include <map>
#include <set>

#include "framework/base/parallel.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/tiny_run.h"

namespace regard::experiment {
namespace {

using runs::ProgressState;

runs::PlanProgress waiting(const std::vector<RunName>& names) {
  runs::PlanProgress progress;
  progress.plan = "tiny";
  for (const auto& [system, seed] : names) {
    runs::RunProgress& run = progress.runs.emplace_back();
    run.system = system;
    run.seed = seed;
  }
  return progress;
}

}  // namespace

TEST_CASE("pool: every run is done in a process of its own and its end is told") {
  const test::TinyRuns runs;
  RunRequest request;
  request.folder = runs.folder.folder.string();
  request.jobs = 2;
  request.threads = 2;
  std::map<std::size_t, std::string> ended;
  std::set<std::size_t> trained;
  std::vector<runs::PlanProgress> shown;
  RunnerHooks hooks;
  hooks.ended = [&](std::size_t run, const std::string& failure) { ended[run] = failure; };
  hooks.event = [&](std::size_t run, const RunEvent& event) {
    if (std::holds_alternative<HistoryEntry>(event)) trained.insert(run);
  };
  hooks.progress = [&](const runs::PlanProgress& progress) { shown.push_back(progress); };
  const std::vector<RunName> names{{"vanilla", 1}, {"general", 1}, {"general", 2}};
  // The plan has another run, which was finished before.
  runs::PlanProgress progress = waiting({{"vanilla", 1}, {"vanilla", 2}, {"general", 1}, {"general", 2}});
  progress.runs[1].state = ProgressState::finished;
  Pool pool(request, hooks, names, progress, {0, 2, 3});
  CHECK(pool.jobs() == 2);
  CHECK(pool.threads_each() == 1);
  const RunSummary summary = pool();
  CHECK(summary.done == 3);
  CHECK(summary.failed == 0);
  CHECK_FALSE(summary.interrupted);
  CHECK(ended == std::map<std::size_t, std::string>{{0, ""}, {1, ""}, {2, ""}});
  CHECK(trained == std::set<std::size_t>{0, 1, 2});
  for (const auto& [system, seed] : names) CHECK(std::filesystem::exists(runs.paths(system, seed).scores()));

  REQUIRE(!shown.empty());
  CHECK(shown.front().runs[0].state == ProgressState::waiting);
  CHECK(shown.front().jobs == 2);
  for (const runs::RunProgress& run : shown.back().runs) CHECK(run.state == ProgressState::finished);
  for (const runs::PlanProgress& moment : shown) {
    Index running = 0;
    for (const runs::RunProgress& run : moment.runs) running += run.state == ProgressState::running ? 1 : 0;
    CHECK(running <= 2);
  }
  const auto written = runs::from_json<runs::PlanProgress>(read_file(runs.folder.progress()), "progress");
  CHECK(written.runs.size() == 4);
  CHECK(written.runs[3].state == ProgressState::finished);
}

TEST_CASE("pool: a run that fails ends alone and its folder says why") {
  std::string text = test::tiny_plan_text();
  const std::string none = "model.attention: none";
  text.replace(text.find(none), none.size(),
               none + ", training.optimizer: sgd, training.learning_rate: 1e30, training.clip_norm: 0");
  const test::TinyRuns runs(text);
  RunRequest request;
  request.folder = runs.folder.folder.string();
  request.jobs = 1;
  std::map<std::size_t, std::string> ended;
  runs::PlanProgress last;
  RunnerHooks hooks;
  hooks.ended = [&](std::size_t run, const std::string& failure) { ended[run] = failure; };
  hooks.progress = [&](const runs::PlanProgress& progress) { last = progress; };
  const std::vector<RunName> names{{"vanilla", 1}, {"general", 1}, {"genral", 1}};
  Pool pool(request, hooks, names, waiting(names), {0, 1, 2});
  const RunSummary summary = pool();
  CHECK(summary.done == 3);
  CHECK(summary.failed == 2);
  CHECK(ended.at(0).starts_with("step "));
  CHECK(ended.at(1) == "");
  CHECK(ended.at(2) == "no system is named 'genral'; did you mean 'general'? The plan has: vanilla, general");
  CHECK(last.runs[0].state == ProgressState::failed);
  CHECK(last.runs[0].reason == ended.at(0));
  CHECK(last.runs[1].state == ProgressState::finished);
  const auto status = [&](const char* system) {
    return runs::from_json<runs::Status>(read_file(runs.paths(system).status()), "status");
  };
  CHECK(status("vanilla").stopped == runs::kDiverged);  // the worker's own words stay
  CHECK(status("general").finished);
  CHECK(status("genral").reason == ended.at(2));
}

TEST_CASE("pool: there are no more jobs than runs and threads are shared among them") {
  RunRequest request;
  request.folder = "nowhere";
  request.threads = 5;
  const auto jobs = [&](Index wanted, std::size_t count) {
    request.jobs = wanted;
    const std::vector<RunName> names(count, {"a", 1});
    const Pool pool(request, {}, names, waiting(names), std::vector<std::size_t>(count));
    return std::pair(pool.jobs(), pool.threads_each());
  };
  using Shared = std::pair<Index, Index>;
  CHECK(jobs(0, 9) == Shared(5, 1));
  CHECK(jobs(0, 3) == Shared(3, 1));
  CHECK(jobs(2, 9) == Shared(2, 2));
  CHECK(jobs(8, 9) == Shared(8, 1));
  CHECK(jobs(4, 1) == Shared(1, 5));
  CHECK(jobs(4, 0) == Shared(1, 5));
}

TEST_CASE("pool: without runs nothing is started") {
  RunRequest request;
  request.folder = "nowhere";
  Pool pool(request, {}, {}, {}, {});
  CHECK(pool().done == 0);
}

}  // namespace regard::experiment
