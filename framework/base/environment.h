#pragma once
// The environment this process was started with.
#include <string>

namespace regard {

// Returns the value of a variable, or "" if it is not set; an empty variable counts as not set. Any thread may
// call this, since nothing here sets a variable.
[[nodiscard]] std::string environment(const char* name);

}  // namespace regard
