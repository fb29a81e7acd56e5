#include "framework/experiment/runner.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <system_error>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "framework/base/parallel.h"
#include "framework/config/write.h"
#include "framework/experiment/process.h"
#include "framework/experiment/results_json.h"
#include "framework/experiment/worker.h"

namespace regard::experiment {
namespace {

using config::Node;

// The dotted key of the first value in which two trees differ; empty where they agree.
std::string first_difference(const Node& a, const Node& b, const std::string& path = "") {
  if (config::same(a, b)) return {};
  if (a.kind != Node::Kind::map || b.kind != Node::Kind::map) return path;
  for (const Node::Entry& entry : a.entries) {
    const std::string key = path.empty() ? entry.key : path + "." + entry.key;
    const Node* other = b.get(entry.key);
    if (other == nullptr) return key;
    if (const std::string found = first_difference(entry.value, *other, key); !found.empty()) return found;
  }
  for (const Node::Entry& entry : b.entries) {
    if (a.get(entry.key) == nullptr) return path.empty() ? entry.key : path + "." + entry.key;
  }
  return path;
}

// Keys that only lengthen a training, and so let it go on.
constexpr std::array<const char*, 3> kLengths{"epochs", "max_updates", "patience"};

Index length_of(const Node& identity, const char* key) {
  const Node* node = identity.find(fmt::format("training.{}", key));
  Index length = 0;
  if (node != nullptr) std::from_chars(node->scalar.data(), node->scalar.data() + node->scalar.size(), length);
  return length == 0 ? std::numeric_limits<Index>::max() : length;  // 0 is no limit
}

// The first length that `now` has less of. A shorter training is no part of a longer one: the best checkpoint may
// lie behind its end.
std::string first_shortened(const Node& before, const Node& now) {
  for (const char* key : kLengths) {
    if (length_of(now, key) < length_of(before, key)) return fmt::format("training.{}", key);
  }
  return {};
}

// What a training is a training of: without its length, the decoding and the test sets.
Node training_of(Node identity) {
  identity.put("decoding", config::make_null());
  if (Node* training = identity.get("training")) {
    for (const char* key : kLengths) training->put(key, config::make_null());
  }
  Node* data = identity.get("data");
  Node* files = data == nullptr ? nullptr : data->get("files");
  if (files != nullptr) files->put("test", config::make_null());
  return identity;
}

// `changed`: the training goes on, and everything is decoded again. `discarded`: trained again from the start.
enum class Stand : std::uint8_t { missing, changed, discarded, finished };

bool is_finished(const RunPaths& paths) {
  std::string reason;
  const auto status = try_read_file(paths.status(), reason);
  return status && from_json<Status>(*status, paths.status().string()).finished;
}

// What stands of a run, and whether the plan still says the same of it. Changes nothing.
Stand look_at(const Plan& plan, const System& system, Index seed, const RunFolder& folder, bool retrain) {
  const RunPaths paths = folder.run(system.name, seed);
  std::string reason;
  const auto text = try_read_file(paths.folder / "run.yaml", reason);
  if (!text) return Stand::missing;
  const Node before = config::parse_yaml(*text, (paths.folder / "run.yaml").string());
  // Written and read again, as what stands there was.
  const Node now = config::parse_yaml(config::to_yaml(identity_of(plan, system, seed)), "plan");
  if (config::same(before, now)) return is_finished(paths) ? Stand::finished : Stand::missing;

  std::string key = first_difference(training_of(before), training_of(now));
  if (key.empty()) key = first_shortened(before, now);
  if (key.empty()) return Stand::changed;
  if (retrain) return Stand::discarded;
  const auto value = [&key](const Node& tree) {
    const Node* node = tree.find(key);
    return node == nullptr || node->kind == Node::Kind::null ? std::string("nothing") : config::describe(*node);
  };
  throw FolderError(
      fmt::format("{}: was trained with {} {}, the plan now says {}; keep it with --out FOLDER, or discard "
                  "it and train again with --retrain",
                  paths.folder.string(), key, value(before), value(now)));
}

void discard(const Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  // A file where the run's folder should be is for the run to say.
  if (!error || error == std::errc::not_a_directory) return;
  throw FolderError(fmt::format("{}: cannot be removed: {}", path.string(), cause_of(error.value())));
}

// Removes what a run that is to be done must not find.
void clear(const RunPaths& paths, Stand stand) {
  if (stand == Stand::discarded) return discard(paths.folder);
  discard(paths.status());  // first: without it nothing else counts as finished
  if (stand != Stand::changed) return;
  discard(paths.scores());
  discard(paths.folder / "hypotheses");
  discard(paths.folder / "attention");
}

// The folder keeps the plug-ins that its plan names, so that it can be gone on with whatever becomes of theirs.
void write_plugins(const Plan& plan, const RunFolder& folder) {
  if (!plan.plugins.empty()) make_folder(folder.plugins());
  std::vector<std::string> names;
  for (const Plugin& plugin : plan.plugins) {
    const Path copy = folder.folder / plugin.copy();
    names.push_back(copy.filename().string());
    if (!std::filesystem::exists(copy)) write_file(copy, read_file(plugin.file));
  }
  if (!std::filesystem::exists(folder.plugins())) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder.plugins())) {
    if (std::find(names.begin(), names.end(), entry.path().filename().string()) == names.end())
      discard(entry.path());
  }
}

struct Job {
  Job(std::size_t index, const std::vector<std::string>& words, const std::vector<std::string>& environment)
      : run(index), process(words, environment) {}
  std::size_t run;
  Process process;
  std::string failure;  // what the worker said of its own end
};

// Why a worker ended as it did; empty when it finished its run.
std::string failure_of(const Job& job, const RunPaths& paths) {
  const Process& process = job.process;
  if (process.killed_by() != 0) {
    return fmt::format("killed by signal {} ({})", process.killed_by(), strsignal(process.killed_by()));
  }
  if (process.exit_code() == 0) return {};
  if (!job.failure.empty()) return job.failure;
  return fmt::format("ended with exit code {}; {} says how far it came", process.exit_code(),
                     paths.log().string());
}

// The report reads it there. A disk that is full must not end the other runs: the caller is told the reason too.
void write_failure(const RunPaths& paths, const std::string& failure) {
  Status status;
  status.reason = failure;
  try {
    make_folder(paths.folder);
    write_file(paths.status(), to_json(status));
  } catch (const FolderError&) {
  }
}

class Pool {
 public:
  Pool(const RunRequest& request, const RunnerHooks& hooks, std::vector<std::pair<std::string, Index>> runs)
      : request_(request), hooks_(hooks), folder_{request.folder}, runs_(std::move(runs)) {
    const Index threads = request.threads > 0 ? request.threads : regard::threads();
    const auto pending = static_cast<Index>(runs_.size());
    jobs_limit_ = std::max<Index>(1, std::min(pending, request.jobs > 0 ? request.jobs : threads));
    threads_each_ = std::max<Index>(1, threads / jobs_limit_);
  }

  [[nodiscard]] Index jobs() const { return jobs_limit_; }
  [[nodiscard]] Index threads_each() const { return threads_each_; }

  RunSummary operator()() {
    bool forwarded = false;
    while (!jobs_.empty() || (next_ < runs_.size() && !stop_requested())) {
      while (!stop_requested() && next_ < runs_.size() && static_cast<Index>(jobs_.size()) < jobs_limit_) start();
      if (stop_requested() && !forwarded) {
        for (const auto& job : jobs_) job->process.signal(SIGINT);
        forwarded = true;
      }
      listen();
    }
    summary_.interrupted = stop_requested();
    return summary_;
  }

 private:
  void start() {
    const std::size_t run = next_++;
    const auto& [system, seed] = runs_[run];
    const std::vector<std::string> words{this_program(), "worker", request_.folder, system,
                                         fmt::format("{}", seed)};
    const std::vector<std::string> environment{fmt::format("OMP_NUM_THREADS={}", threads_each_),
                                               fmt::format("{}={}", kParentVariable, getpid())};
    jobs_.push_back(std::make_unique<Job>(run, words, environment));
    if (hooks_.started) hooks_.started(run);
  }

  // Waits for something to happen, and passes it on.
  void listen() {
    std::vector<pollfd> descriptors;
    for (const auto& job : jobs_) descriptors.push_back({job->process.descriptor(), POLLIN, 0});
    if (poll(descriptors.data(), descriptors.size(), 500) <= 0) return;
    for (std::size_t at = descriptors.size(); at-- > 0;) {
      if (descriptors[at].revents == 0) continue;
      std::vector<std::string> lines;
      const bool open = jobs_[at]->process.read_lines(lines);
      for (const std::string& line : lines) {
        RunEvent event;
        if (!from_line(line, event)) continue;
        if (event.kind == RunEvent::Kind::failed) {
          jobs_[at]->failure = event.failure;
        } else if (hooks_.event) {
          hooks_.event(jobs_[at]->run, event);
        }
      }
      if (!open) end(at);
    }
  }

  void end(std::size_t at) {
    Job& job = *jobs_[at];
    job.process.wait();
    const auto& [system, seed] = runs_[job.run];
    const RunPaths paths = folder_.run(system, seed);
    const bool interrupted = job.process.exit_code() == kInterrupted || stop_requested();
    // One that was killed after its last word has done its work.
    const std::string failure = interrupted || is_finished(paths) ? std::string() : failure_of(job, paths);
    if (!failure.empty()) {
      ++summary_.failed;
      write_failure(paths, failure);
    }
    if (hooks_.ended && !interrupted) hooks_.ended(job.run, failure);
    jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  const RunRequest& request_;
  const RunnerHooks& hooks_;
  RunFolder folder_;
  std::vector<std::pair<std::string, Index>> runs_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::size_t next_ = 0;
  Index jobs_limit_ = 1;
  Index threads_each_ = 1;
  RunSummary summary_;
};

}  // namespace

RunSummary run_plan(const Plan& plan, const RunRequest& request, const RunnerHooks& hooks) {
  const RunFolder folder{request.folder};
  for (const std::string& name : request.only) static_cast<void>(system_named(plan, name));
  const auto wanted = [&](const System& system) {
    return request.only.empty() ||
           std::find(request.only.begin(), request.only.end(), system.name) != request.only.end();
  };
  // A folder that is not there yet is made when the text is known to be good, so that a mistake leaves nothing
  // behind.
  std::optional<Corpora> corpora;
  if (!std::filesystem::exists(folder.folder)) corpora = load_corpora(plan);
  watch_for_stop();
  make_folder(folder.folder);
  const FolderLock lock(folder.folder);

  std::vector<std::pair<std::string, Index>> pending;
  std::vector<Stand> stands;
  Index finished = 0;
  for (const Index seed : plan.seeds) {
    for (const System& system : plan.systems) {
      if (!wanted(system)) continue;
      const Stand stand = look_at(plan, system, seed, folder, request.retrain);
      if (stand == Stand::finished) {
        ++finished;
        continue;
      }
      pending.emplace_back(system.name, seed);
      stands.push_back(stand);
    }
  }
  for (const std::string& doubt : plan.warnings) {
    if (hooks.warning) hooks.warning(doubt);
  }
  if (!pending.empty()) {
    if (!corpora) corpora = load_corpora(plan);
    for (const std::string& doubt : doubts(plan, *corpora)) {
      if (hooks.warning) hooks.warning(doubt);
    }
    write_data(folder, *corpora);
  }
  corpora.reset();  // each run loads its own
  for (std::size_t at = 0; at < pending.size(); ++at) {
    clear(folder.run(pending[at].first, pending[at].second), stands[at]);
  }
  if (!request.plan_text.empty()) write_file(folder.plan(), request.plan_text);
  write_plugins(plan, folder);
  write_file(folder.resolved_plan(), config::to_yaml(plan.resolved));
  Pool pool(request, hooks, pending);
  if (hooks.planned) hooks.planned(pending, finished, pool.jobs(), pool.threads_each());
  return pool();
}

}  // namespace regard::experiment
