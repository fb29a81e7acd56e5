#pragma once
// The installed package, installed once for all tests.
#include <string>

namespace regard::test {

// Installs the package at the first call, and returns its folder.
[[nodiscard]] const std::string& prefix();

// Returns the beginning of a shell line that puts the installed program on PATH and sets the compiler of this
// build.
[[nodiscard]] std::string with_package();

// Runs a line of sh, which must succeed, and returns its output.
std::string require_ok(const std::string& line);

}  // namespace regard::test
