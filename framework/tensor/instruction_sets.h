#pragma once
// Which instruction set a command uses: the best one that this processor reports and whose kernels work when they
// are tried. Each set is tried once a machine and build in a process of its own, and the outcome is remembered, so
// that kernels that crash cost a line and some speed.
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "framework/tensor/cpu.h"
#include "framework/tensor/kernel_trials.h"

namespace regard {

// Why a set does not work ("products in bfloat16: killed by signal 4 (Illegal instruction)"); "" where it does.
using TrySet = std::function<std::string(InstructionSet)>;

struct ChosenSet {
  InstructionSet set;
  std::vector<std::string> warnings;  // a line for each set that does not work, best first
};

// The highest set from `best` down that works; baseline where none does.
[[nodiscard]] ChosenSet choose_instruction_set(InstructionSet best, const TrySet& try_set);

// The child's side: runs the trials in order, says on standard output how far it came, and returns the exit code.
// A trial that takes longer than some seconds ends the process.
int run_trials(std::span<const KernelTrial> trials);

// The parent's side: starts `command`, which is to call run_trials, with `environment` added to this process's.
// Nothing where something else than its own instructions ended the process.
[[nodiscard]] std::optional<std::string> try_in_process(const std::vector<std::string>& command,
                                                        const std::vector<std::string>& environment);

// Outcomes by machine, build and set, in a text file of lines "KEY SET OUTCOME". A file that cannot be read or
// written is as good as none.
class TrialMemory final {
 public:
  // `key`: one word that names machine and build.
  TrialMemory(std::filesystem::path file, std::string key);
  [[nodiscard]] std::optional<std::string> outcome(InstructionSet set) const;
  void remember(InstructionSet set, const std::string& outcome) const;

 private:
  std::filesystem::path file_;
  std::string key_;
};

// One word for processor (model and flags) and build (version, commit, compiler, flags, the library's file).
[[nodiscard]] std::string machine_and_build();

// XDG_CACHE_HOME/regard/instruction_sets, or in ~/.cache; nothing where neither variable is an absolute path.
[[nodiscard]] std::optional<std::filesystem::path> trial_memory_file();

// For a command at its start: uses the chosen set from now on and returns the warnings. `REGARD_ISA` forces a set:
// then nothing is tried. `command`: this program's word that calls run_trials(kernel_trials()).
std::vector<std::string> use_working_instruction_set(const std::string& command);

}  // namespace regard
