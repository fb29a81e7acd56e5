#pragma once
// The environment this process was started with.
#include <string>

namespace regard {

// The value of a variable, or "" where it is not set: an empty one counts as not set. Any thread may ask, since
// nothing here sets a variable.
[[nodiscard]] std::string environment(const char* name);

}  // namespace regard
