#pragma once
// The environment variables of this process.
#include <string>

namespace regard {

// Returns the value of a variable, or "" if it is not set. An empty variable counts as not set. Any thread may call
// this, because regard sets no variable.
[[nodiscard]] std::string environment(const char* name);

}  // namespace regard
