#pragma once
// Runs gnuplot, without a shell.
#include <optional>
#include <string>
#include <vector>

#include "framework/runs/results.h"

namespace regard::report {

// Runs `program` (found on PATH) on the script `script` inside `folder`, with its own defaults (no ~/.gnuplot), a
// fixed environment and nothing on its input; 60 seconds at most. Nothing where it succeeded; else why not, in one
// line.
[[nodiscard]] std::optional<std::string> run_gnuplot(const std::string& program, const Path& folder,
                                                     const std::string& script);

}  // namespace regard::report
