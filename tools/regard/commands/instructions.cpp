// regard instructions: tries the kernels of the instruction set in use, for the commands that compute with them.
#include "tools/regard/commands/instructions.h"

#include <fmt/format.h>

#include <cstdio>

#include "framework/tensor/instruction_sets.h"
#include "tools/regard/commands/commands.h"

namespace regard::cli {

int instructions(const Words&) { return run_trials(kernel_trials()); }

void choose_instructions() {
  for (const std::string& warning : use_working_instruction_set("instructions")) {
    fmt::print(stderr, "warning: {}\n", warning);
  }
}

}  // namespace regard::cli
