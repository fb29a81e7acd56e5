#include "framework/experiment/schedule/worker.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <new>

#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/json.inl"
#include "framework/base/out_of_memory.h"
#include "framework/experiment/schedule/cost_estimate.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

volatile sig_atomic_t stop_flag = 0;

void note_signal(int number) {
  stop_flag = 1;
  signal(number, SIG_DFL);
}

// Writes the whole line, in several writes if necessary. Errors are ignored: PR_SET_PDEATHSIG ends this process if the
// parent ends.
void write_line(const std::string& line) {
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t count = write(STDOUT_FILENO, line.data() + done, line.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace

void watch_for_stop() {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;  // so that a signal does not interrupt writing a checkpoint
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool stop_requested() noexcept { return stop_flag != 0; }

namespace {

using Json = nlohmann::json;

Json json_of(const training::Progress& p) {
  return {{"progress",
           {{"epoch", p.epoch},
            {"epochs", p.epochs},
            {"update", p.update},
            {"updates", p.updates},
            {"tokens", p.tokens},
            {"loss", p.loss},
            {"tokens_per_second", p.tokens_per_second},
            {"seconds_left", p.seconds_left}}}};
}
Json json_of(const HistoryEntry& entry) { return {{"validated", runs::to_json(entry)}}; }
Json json_of(const StageBegan& stage) { return {{"stage", stage.name}}; }
Json json_of(const RunFailed& failed) { return {{"failed", failed.reason}}; }

}  // namespace

std::string to_line(const RunEvent& event) {
  const Json json = std::visit([](const auto& what) { return json_of(what); }, event);
  // A file name in a message may not be UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<RunEvent> from_line(std::string_view line) {
  Json json;
  try {
    json = parse_json(line);
  } catch (const JsonError&) {
    return std::nullopt;
  }
  if (!json.is_object()) return std::nullopt;
  if (const auto at = json.find("progress"); at != json.end()) {
    return training::Progress{.epoch = at->value("epoch", Index{0}),
                              .epochs = at->value("epochs", Index{0}),
                              .update = at->value("update", Index{0}),
                              .updates = at->value("updates", Index{0}),
                              .tokens = at->value("tokens", Index{0}),
                              .loss = at->value("loss", 0.0),
                              .tokens_per_second = at->value("tokens_per_second", 0.0),
                              .seconds_left = at->value("seconds_left", 0.0)};
  }
  if (const auto entry = json.find("validated"); entry != json.end()) {
    return runs::from_json<HistoryEntry>(entry->get<std::string>(), "worker");
  }
  if (const auto stage = json.find("stage"); stage != json.end()) return StageBegan{stage->get<std::string>()};
  if (const auto failed = json.find("failed"); failed != json.end()) return RunFailed{failed->get<std::string>()};
  return std::nullopt;
}

namespace {

RunOutcome run(const WorkerTask& task) {
  const runs::RunFolder folder{task.folder};
  const Plan plan = read_plan(folder.resolved_plan().string());
  const System& system = system_named(plan, task.system);
  const Corpora corpora = open_corpora(plan, folder);
  if (task.cost_estimate) {
    write_line(to_json(cost_estimate(plan, system, corpora)));
    return RunOutcome::finished;
  }
  auto last = std::chrono::steady_clock::now();
  RunHooks hooks;
  hooks.stop = stop_requested;
  hooks.event = [&last](const RunEvent& event) {
    // Progress is only displayed: a few lines a second are enough.
    if (std::holds_alternative<training::Progress>(event)) {
      const auto now = std::chrono::steady_clock::now();
      if (now - last < std::chrono::milliseconds(200)) return;
      last = now;
    }
    write_line(to_line(event));
  };
  return do_run(plan, system, task.seed, corpora, folder, hooks);
}

int fail(const std::string& failure, int code) {
  write_line(to_line(RunFailed{failure}));
  return code;
}

}  // namespace

int work(const WorkerTask& task) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // A parent that was killed before prctl() sends no signal, and a new runner may already work in the folder.
  const std::string parent = environment(kParentVariable);
  if (!parent.empty() && fmt::format("{}", getppid()) != parent) return fail("its parent process has ended", 1);
  watch_for_stop();
  static const std::string last = to_line(RunFailed{kOutOfMemory});
  say_out_of_memory(last.c_str(), STDOUT_FILENO);
  try {
    return run(task) == RunOutcome::finished ? 0 : kInterrupted;
  } catch (const Error& error) {
    return fail(error.what(), error.exit_code());
  } catch (const std::bad_alloc&) {
    return fail(kOutOfMemory, 1);
  } catch (const std::exception& error) {
    return fail(error.what(), 1);
  }
}

}  // namespace regard::experiment
