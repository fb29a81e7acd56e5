#include "framework/experiment/schedule/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "framework/base/process.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/child.h"
#include "tests/support/tiny_run.h"

namespace regard::experiment {
namespace {

template <class Event>
Event there_and_back(const Event& event) {
  const std::string line = to_line(event);
  CHECK(line.find('\n') == line.size() - 1);
  const auto back = from_line(line);
  REQUIRE(back);
  REQUIRE(std::holds_alternative<Event>(*back));
  return std::get<Event>(*back);
}

// What a worker said: its events, and how it ended.
struct Said {
  std::vector<RunEvent> events;
  int code = 0;
  [[nodiscard]] std::string failure() const {
    const auto* failed = events.empty() ? nullptr : std::get_if<RunFailed>(&events.back());
    return failed == nullptr ? "" : failed->reason;
  }
};

Said listened(Process& process) {
  std::vector<std::string> lines;
  while (process.read_lines(lines)) {
  }
  process.wait();
  Said said;
  said.code = process.exit_code();
  for (const std::string& line : lines) {
    if (const auto event = from_line(line)) said.events.push_back(*event);
  }
  return said;
}

Said worked(const std::string& folder, const std::string& system,
            const std::vector<std::string>& environment = {}) {
  Process process({this_program(), "worker", folder, system, "1"}, environment);
  return listened(process);
}

// As the pool and the cost estimate start `regard worker`: FOLDER SYSTEM SEED, or "measure" in the place of the seed.
const test::ChildProcess child("worker", [](const std::vector<std::string>& words) {
  const bool measures = words.at(2) == "measure";
  return work({words[0], words[1], measures ? 0 : std::stol(words[2]), measures});
});

}  // namespace

TEST_CASE("worker: events are written to a pipe and read back") {
  const auto p = there_and_back(training::Progress{.epoch = 2,
                                                   .epochs = 3,
                                                   .update = 7,
                                                   .updates = 9,
                                                   .tokens = 11,
                                                   .loss = 0.1,
                                                   .tokens_per_second = 1e5,
                                                   .seconds_left = 1.5});
  CHECK(p.epoch == 2);
  CHECK(p.epochs == 3);
  CHECK(p.update == 7);
  CHECK(p.updates == 9);
  CHECK(p.tokens == 11);
  CHECK(p.loss == 0.1);
  CHECK(p.tokens_per_second == 1e5);
  CHECK(p.seconds_left == 1.5);
  HistoryEntry validated;
  validated.epoch = 4;
  validated.valid_bleu = 12.5;
  validated.best = true;
  const auto v = there_and_back(validated);
  CHECK(v.epoch == 4);
  CHECK(v.valid_bleu == 12.5);
  CHECK(v.best);
  CHECK(there_and_back(StageBegan{"decoding test"}).name == "decoding test");
  CHECK(there_and_back(RunFailed{"a \"b\"\nc"}).reason == "a \"b\"\nc");
  CHECK(there_and_back(RunFailed{"x\xff"}).reason == "x\xEF\xBF\xBD");
}

TEST_CASE("worker: a line that is not an event is skipped") {
  for (const char* line : {"", "loss 3", "[1]", "{}", "{\"other\": 1}", "{\"stage\": "})
    CHECK_FALSE(from_line(line));
}

TEST_CASE("worker: it does a run of the folder's plan and says how far it is") {
  const test::TinyRuns runs;
  const Said said = worked(runs.folder.folder.string(), "general");
  CHECK(said.code == 0);
  CHECK(said.failure() == "");
  REQUIRE(!said.events.empty());
  REQUIRE(std::holds_alternative<StageBegan>(said.events.front()));
  CHECK(std::get<StageBegan>(said.events.front()).name == "training");
  const auto status = runs::from_json<runs::Status>(read_file(runs.paths().status()), "status");
  CHECK(status.finished);
}

TEST_CASE("worker: its error is its last event and its code says whose mistake it is") {
  const test::TinyRuns runs;
  const Said unknown = worked(runs.folder.folder.string(), "genral");
  CHECK(unknown.code == 2);
  CHECK(unknown.failure() ==
        "no system is named 'genral'; did you mean 'general'? The plan has: vanilla, general");
  const Said nowhere = worked((runs / "nowhere").string(), "general");
  CHECK(nowhere.code == 2);
  CHECK(nowhere.failure().starts_with((runs / "nowhere").string()));
}

TEST_CASE("worker: whose parent is gone does nothing") {
  const test::TinyRuns runs;
  const Said orphan = worked(runs.folder.folder.string(), "general", {fmt::format("{}=1", kParentVariable)});
  CHECK(orphan.code == 1);
  CHECK(orphan.failure() == "its parent process has ended");
  CHECK_FALSE(std::filesystem::exists(runs.paths().folder));
  const Said adopted =
      worked(runs.folder.folder.string(), "general", {fmt::format("{}={}", kParentVariable, ::getpid())});
  CHECK(adopted.code == 0);
}

TEST_CASE("worker: told to stop it saves and its code says so") {
  const test::TinyRuns runs(
      test::tiny_plan_text("", "training: {batch: {sentences: 8}, epochs: 100000, validate_every: 1000}\n"));
  Process process({this_program(), "worker", runs.folder.folder.string(), "general", "1"}, {});
  std::vector<std::string> lines;
  while (lines.empty()) REQUIRE(process.read_lines(lines));
  process.signal(SIGINT);
  CHECK(listened(process).code == kInterrupted);
  CHECK_FALSE(std::filesystem::exists(runs.paths().status()));
}

}  // namespace regard::experiment
