#pragma once

namespace regard::cli {

// At the start of a command that computes: kernels that do not work on this machine are left aside, with a
// warning.
void choose_instructions();

}  // namespace regard::cli
