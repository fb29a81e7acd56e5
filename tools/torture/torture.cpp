#include "tools/torture/torture.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <thread>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/process.h"
#include "framework/runs/digest.h"

namespace regard::torture {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// Returns "train" for a process with the name "regard train"; "" for another process or one that has ended.
std::string place_of(pid_t process) {
  const std::string name = first_line(fmt::format("/proc/{}/comm", process));
  return name.starts_with("regard ") ? name.substr(7) : std::string();
}

std::vector<pid_t> children_of(pid_t process) {
  std::istringstream words(first_line(fmt::format("/proc/{0}/task/{0}/children", process)));
  std::vector<pid_t> children;
  for (pid_t child = 0; words >> child;) children.push_back(child);
  return children;
}

// Stops a process, so that its stage does not change, and waits until it has stopped.
void stop(pid_t process) {
  kill(process, SIGSTOP);
  for (int tries = 0; tries < 200; ++tries) {
    const std::string line = first_line(fmt::format("/proc/{}/stat", process));
    const std::size_t end = line.rfind(')');
    if (end == std::string::npos || line.compare(end, 3, ") T") == 0) return;
    std::this_thread::sleep_for(microseconds(50));
  }
}

class Torture {
 public:
  Torture(const Settings& settings, const std::function<void(const std::string&)>& say)
      : settings_(settings), say_(say), random_(settings.seed) {}

  Outcome operator()() {
    for (const char* place : kPlaces) outcome_.landed[place] = 0;
    make_folder(settings_.folder / "whole");
    make_folder(settings_.folder / "killed");
    for (const char* name : {"whole", "killed"}) {
      write_file(settings_.folder / name / "plan.yaml", settings_.plan.empty() ? default_plan() : settings_.plan);
    }
    if (end_of(*start("whole", 1, 1)) != 0) {
      throw ConfigError(fmt::format("the plan fails without a kill; {} says why",
                                    (settings_.folder / "whole" / "output.txt").string()));
    }
    expected_ = runs::digest_of(settings_.folder / "whole" / "runs");
    while (outcome_.kills < settings_.kills) attempt();
    const auto last = start("killed", 2, 2);
    finish_round(end_of(*last));
    return std::move(outcome_);
  }

 private:
  std::unique_ptr<Process> start(const std::string& name, Index jobs, Index threads) const {
    const std::filesystem::path folder = settings_.folder / name;
    return std::make_unique<Process>(
        std::vector<std::string>{"/bin/sh", "-c", R"(cd "$0" && exec "$@" >/dev/null 2>>output.txt)",
                                 folder.string(), settings_.program, "run", "plan.yaml", "--out", "runs", "--jobs",
                                 fmt::format("{}", jobs), "--threads", fmt::format("{}", threads)},
        std::vector<std::string>{"OMP_WAIT_POLICY=passive"});
  }

  static int end_of(Process& process) {
    process.wait();
    return process.killed_by() != 0 ? -1 : process.exit_code();
  }

  Index below(Index count) { return static_cast<Index>(random_() % static_cast<std::uint64_t>(count)); }

  // Starts the plan and kills it, unless it finishes first.
  void attempt() {
    ++outcome_.starts;
    const auto process = start("killed", 1 + below(2), 1 + below(3));
    // Alternates between a random moment and the place with the fewest kills. If many plans in a row did not reach
    // that place, a random moment is used instead. So a program that never gets there fails the test and does not
    // hang it.
    const bool aimed = outcome_.kills % 2 == 1 && missed_rounds_ < kPatience;
    const auto least = std::min_element(kPlaces.begin(), kPlaces.end(), [this](const char* a, const char* b) {
      return outcome_.landed[a] < outcome_.landed[b];
    });
    const std::string target = aimed ? *least : "";
    const bool short_place = target == "save" || target == "score" || target == "valid";
    const auto moment = Clock::now() + microseconds(below(2'000'000));
    while (process->running()) {
      std::this_thread::sleep_for(microseconds(50));
      if (aimed ? !anyone_at(target, family_of(*process)) : Clock::now() < moment) continue;
      std::this_thread::sleep_for(microseconds(below(short_place ? 200 : 20'000)));
      const auto family = family_of(*process);
      for (const pid_t member : family) stop(member);
      if (!process->running()) break;
      if (aimed && !anyone_at(target, family)) {  // it has left the place meanwhile: wait for the next time
        for (const pid_t member : family) kill(member, SIGCONT);
        continue;
      }
      missed_rounds_ = 0;
      return strike(*process, family, target);
    }
    if (aimed) ++missed_rounds_;
    finish_round(end_of(*process));
  }

  // Returns the parent and its workers.
  static std::vector<pid_t> family_of(const Process& process) {
    std::vector<pid_t> family{process.pid()};
    const auto children = children_of(process.pid());
    family.insert(family.end(), children.begin(), children.end());
    return family;
  }

  static bool anyone_at(const std::string& place, const std::vector<pid_t>& family) {
    return std::any_of(family.begin(), family.end(), [&](pid_t member) { return place_of(member) == place; });
  }

  // Kills all processes (a power cut) or, one time in three, only one worker: one at the target, if there is one.
  // The family has been stopped before.
  void strike(Process& process, const std::vector<pid_t>& family, const std::string& target) {
    std::vector<pid_t> workers(family.begin() + 1, family.end());
    if (!target.empty()) std::erase_if(workers, [&](pid_t worker) { return place_of(worker) != target; });
    const bool power_cut = workers.empty() || below(3) != 0;
    std::vector<pid_t> victims = family;
    if (!power_cut) victims = {workers[static_cast<std::size_t>(below(static_cast<Index>(workers.size())))]};
    std::string where;
    for (const pid_t victim : victims) {
      const std::string place = place_of(victim);
      if (std::find(kPlaces.begin(), kPlaces.end(), place) == kPlaces.end()) continue;
      ++outcome_.landed[place];
      where += fmt::format("{}{}", where.empty() ? "" : " and ", place);
    }
    if (where.empty()) ++outcome_.landed["between"];
    for (const pid_t victim : victims) kill(victim, SIGKILL);
    ++outcome_.kills;
    say_(fmt::format("kill {:3}: {} in {}", outcome_.kills, power_cut ? "all processes" : "one worker   ",
                     where.empty() ? "between" : where));
    if (power_cut) {
      process.wait();
    } else {
      for (const pid_t member : family) kill(member, SIGCONT);
      const int code = end_of(process);
      // A worker that was killed after its last message has done its work.
      if (code == 0) return finish_round(code);
      if (code != 1) outcome_.differences.push_back(fmt::format("exit code {} after the end of one worker", code));
    }
  }

  // Compares the digest of the finished plan with the expected one, and removes its folder for the next round.
  void finish_round(int code) {
    ++outcome_.rounds;
    if (code != 0) {
      outcome_.differences.push_back(fmt::format("exit code {} although nothing was killed", code));
      return;
    }
    const std::filesystem::path runs = settings_.folder / "killed" / "runs";
    const runs::Digest found = runs::digest_of(runs);
    for (const auto& [file, hash] : expected_.files) {
      const auto other = found.files.find(file);
      if (other == found.files.end()) {
        outcome_.differences.push_back(file + " is missing");
      } else if (other->second != hash) {
        outcome_.differences.push_back(file + " differs");
      }
    }
    for (const auto& [file, hash] : found.files) {
      if (!expected_.files.contains(file)) outcome_.differences.push_back(file + " is not expected");
    }
    if (outcome_.differences.empty())
      std::filesystem::remove_all(runs);
    else
      std::filesystem::rename(runs, settings_.folder / fmt::format("differs-{}", outcome_.rounds));
  }

  static constexpr int kPatience = 20;

  const Settings& settings_;
  const std::function<void(const std::string&)>& say_;
  std::mt19937_64 random_;
  runs::Digest expected_;
  int missed_rounds_ = 0;  // since the last kill at a chosen place
  Outcome outcome_;
};

}  // namespace

bool Outcome::all_places_hit() const {
  return std::all_of(kPlaces.begin(), kPlaces.end(), [this](const char* place) {
    const auto found = landed.find(place);
    return found != landed.end() && found->second > 0;
  });
}

std::string default_plan() {
  return R"(name: torture
data:
  corpus: {type: reverse, train: 120, valid: 100, test: 200, test_long: 200, symbols: 9, min_length: 2, max_length: 6,
           long_min_length: 7, long_max_length: 12}
model: {embedding: 16, hidden: 16, dropout: {embedding: 0.1}}
systems:
  vanilla: {model.attention: none}
  general: {model.attention: general}
seeds: [1, 2]
training: {epochs: 8, batch: {sentences: 8}, learning_rate: 0.01, validate_every: 7, keep_checkpoints: 3}
decoding: {beam: 3}
)";
}

Outcome torture(const Settings& settings, const std::function<void(const std::string&)>& say) {
  return Torture(settings, say)();
}

}  // namespace regard::torture
