#pragma once

namespace regard::cli {

// Selects kernels that work on this machine, and warns about those that do not. Called at the start of a command
// that computes.
void choose_instructions();

}  // namespace regard::cli
