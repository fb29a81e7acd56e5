#include "framework/tensor/instruction_sets.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <utility>

#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/process.h"
#include "framework/base/sha256.h"
#include "framework/base/user_cache.h"
#include "framework/base/version.h"

namespace regard {
namespace {

constexpr unsigned kSeconds = 20;    // time limit of all trials; enough on a busy machine
constexpr std::size_t kLines = 100;  // most lines of the memory file
constexpr const char* kTrying = "regard trial: ";
constexpr const char* kDone = "regard trials: done";
constexpr const char* kWorks = "works";
constexpr const char* kWrong = "the results are wrong";

// Returns whether a trial itself caused the signal: an instruction or the time limit. Other signals come from outside.
bool is_its_own(int signal) {
  constexpr std::array kOwn = {SIGILL, SIGSEGV, SIGBUS, SIGFPE, SIGTRAP, SIGABRT, SIGALRM};
  return std::find(kOwn.begin(), kOwn.end(), signal) != kOwn.end();
}

// Returns the lines of the first processor that describe its model, but not its current speed.
std::string processor_facts() {
  std::ifstream file("/proc/cpuinfo");
  std::string facts;
  for (std::string line; std::getline(file, line) && !line.empty();) {
    for (const char* name : {"vendor_id", "cpu family", "model", "stepping", "microcode", "flags", "Features"}) {
      if (line.starts_with(name)) {
        facts += line + "\n";
        break;
      }
    }
  }
  return facts;
}

// Returns the library's file with its size and time, which are different for two builds of one commit.
std::string library_facts() {
  Dl_info info{};
  std::error_code error;
  if (dladdr(reinterpret_cast<const void*>(&choose_instruction_set), &info) == 0) return "";
  const std::filesystem::path file = info.dli_fname;
  const auto size = std::filesystem::file_size(file, error);
  const auto time = std::filesystem::last_write_time(file, error);
  return error ? "" : fmt::format("{} {} {}", file.string(), size, time.time_since_epoch().count());
}

}  // namespace

ChosenSet choose_instruction_set(InstructionSet best, const TrySet& try_set) {
  ChosenSet chosen{best, {}};
  while (chosen.set != InstructionSet::baseline) {
    const std::string why = try_set(chosen.set);
    if (why.empty()) break;
    const auto next = static_cast<InstructionSet>(static_cast<int>(chosen.set) - 1);
    chosen.warnings.push_back(fmt::format(
        "instruction set {} does not work on this machine ({}), so {} is used; REGARD_ISA={} forces it",
        name_of(chosen.set), why, name_of(next), name_of(chosen.set)));
    chosen.set = next;
  }
  return chosen;
}

int run_trials(std::span<const KernelTrial> trials) {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  alarm(kSeconds);
  for (const KernelTrial& trial : trials) {
    fmt::print("{}{}\n", kTrying, trial.name);
    std::fflush(stdout);
    if (!trial.passes()) {
      fmt::print("{}\n", kWrong);
      return 1;
    }
  }
  fmt::print("{}\n", kDone);
  return 0;
}

std::optional<std::string> try_in_process(const std::vector<std::string>& command,
                                          const std::vector<std::string>& environment) {
  Process process(command, environment);
  std::vector<std::string> lines;
  while (process.read_lines(lines)) {
  }
  process.wait();
  std::string trial;
  for (const std::string& line : lines) {
    if (line == kDone) return "";
    if (line == kWrong) return fmt::format("{}: {}", trial, kWrong);
    if (line.starts_with(kTrying)) trial = line.substr(std::strlen(kTrying));
  }
  const int signal = process.killed_by();
  if (trial.empty() || !is_its_own(signal)) return std::nullopt;
  if (signal == SIGALRM) return fmt::format("{}: no result within {} seconds", trial, kSeconds);
  return fmt::format("{}: killed by signal {} ({})", trial, signal, signal_text(signal));
}

TrialMemory::TrialMemory(std::filesystem::path file, std::string key)
    : file_(std::move(file)), key_(std::move(key)) {}

std::optional<std::string> TrialMemory::outcome(InstructionSet set) const {
  const std::string begin = fmt::format("{} {} ", key_, name_of(set));
  std::ifstream file(file_);
  std::optional<std::string> found;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(begin)) found = line.substr(begin.size());
  }
  return found;
}

void TrialMemory::store(InstructionSet set, const std::string& outcome) const {
  std::string reason;
  const std::string before = try_read_file(file_, reason).value_or("");
  std::string all = before + fmt::format("{} {} {}\n", key_, name_of(set), outcome);
  while (static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) > kLines)
    all.erase(0, all.find('\n') + 1);
  try {
    make_folder(file_.parent_path());
    write_file(file_, all);
  } catch (const FolderError&) {
  }
}

std::string machine_and_build() {
  return sha256(fmt::format("{}\n{} {} {} {} {}\n{}", processor_facts(), version(), commit(), tree_clean(),
                            compiler(), flags(), library_facts()))
      .substr(0, 16);
}

std::optional<std::filesystem::path> trial_memory_file() { return user_cache_file("instruction_sets"); }

std::vector<std::string> use_working_instruction_set(const std::string& command) {
  if (!regard::environment("REGARD_ISA").empty()) return {};
  const auto file = trial_memory_file();
  const std::optional<TrialMemory> memory =
      file ? std::optional<TrialMemory>(std::in_place, *file, machine_and_build()) : std::nullopt;
  const ChosenSet chosen = choose_instruction_set(best_instruction_set(), [&](InstructionSet set) {
    if (memory) {
      if (const auto known = memory->outcome(set)) return *known == kWorks ? std::string() : *known;
    }
    const std::optional<std::string> why = try_in_process(
        {this_program(), command}, {fmt::format("REGARD_ISA={}", name_of(set)), "OMP_NUM_THREADS=1"});
    if (memory && why) memory->store(set, why->empty() ? kWorks : *why);
    return why.value_or("");
  });
  force_instruction_set(chosen.set);
  return chosen.warnings;
}

}  // namespace regard
