#pragma once
// Chooses the instruction set of a command: the best one that this processor reports and whose kernels work in a trial.
// Each set is tried once for each machine and build, in a separate process, and the outcome is stored. So a kernel that
// crashes causes only a warning and less speed.
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/tensor/cpu.h"
#include "framework/tensor/kernel_trials.h"

namespace regard {

// Returns why a set does not work ("products in bfloat16: killed by signal 4 (Illegal instruction)"), or "" if it
// works.
using TrySet = std::function<std::string(InstructionSet)>;

struct ChosenSet {
  InstructionSet set;
  std::vector<std::string> warnings;  // one line for each set that does not work, best first
};

// Returns the highest working set, from `best` down; baseline if none works.
[[nodiscard]] ChosenSet choose_instruction_set(InstructionSet best, const TrySet& try_set);

// For the child process: runs the trials in order, writes its progress to standard output, and returns the exit code.
// The process ends if the trials take too long.
int run_trials(std::span<const KernelTrial> trials);

// For the parent process: starts `command`, which must call run_trials, with `environment` added to this process's
// environment. Returns why the set does not work, or "" if it works; nothing if the process was ended from outside.
[[nodiscard]] std::optional<std::string> try_in_process(const std::vector<std::string>& command,
                                                        const std::vector<std::string>& environment);

// Stores outcomes by machine, build and set, in a text file of lines "KEY SET OUTCOME". A file that cannot be read or
// written is ignored.
class TrialMemory final {
 public:
  // `key` is one word that identifies machine and build.
  TrialMemory(std::filesystem::path file, std::string key);
  [[nodiscard]] std::optional<std::string> outcome(InstructionSet set) const;
  void store(InstructionSet set, const std::string& outcome) const;

 private:
  std::filesystem::path file_;
  std::string key_;
};

// Returns one word that identifies processor (model and flags) and build (version, commit, compiler, flags, the
// library's file).
[[nodiscard]] std::string machine_and_build();

// Returns XDG_CACHE_HOME/regard/instruction_sets, or ~/.cache/regard/instruction_sets; nothing if neither variable is
// an absolute path.
[[nodiscard]] std::optional<std::filesystem::path> trial_memory_file();

// Call it at the start of a command: uses the chosen set from now on and returns the warnings. If `REGARD_ISA` forces a
// set, no trial is run. `command` is the command of this program that calls run_trials(kernel_trials()).
std::vector<std::string> use_working_instruction_set(const std::string& command);

}  // namespace regard
