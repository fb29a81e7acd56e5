#pragma once
// Runs gnuplot, without a shell.
#include <optional>
#include <string>
#include <vector>

#include "framework/runs/results.h"

namespace regard::report {

// Runs `program` (found on PATH) on the script `script` inside `folder`, with gnuplot's defaults (no ~/.gnuplot),
// a fixed environment and empty input, for at most 60 seconds. Returns nothing on success; else the reason in one
// line.
[[nodiscard]] std::optional<std::string> run_gnuplot(const std::string& program, const Path& folder,
                                                     const std::string& script);

}  // namespace regard::report
