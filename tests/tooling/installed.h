#pragma once
// The package as `cmake --install` lays it down, once for all tests that meet it.
#include <string>

namespace regard::test {

// The folder it was installed to.
[[nodiscard]] const std::string& prefix();

// What a shell needs to meet it as an installed one: the program on PATH, and the compiler of this build.
[[nodiscard]] std::string with_package();

// Runs a line of sh, which must succeed; what it said.
std::string require_ok(const std::string& line);

}  // namespace regard::test
