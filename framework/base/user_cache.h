#pragma once
// Small files that regard keeps for a user on this machine. A program works without them.
#include <optional>

#include "framework/base/files.h"

namespace regard {

// Returns XDG_CACHE_HOME/regard/NAME, or ~/.cache/regard/NAME; nothing if neither variable is an absolute path.
[[nodiscard]] std::optional<Path> user_cache_file(const char* name);

}  // namespace regard
