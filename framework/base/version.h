#pragma once
// Describes the build, for the manifest of a run and `regard --version`. The values are fixed when the library is
// linked and stay valid as long as the library is loaded. Any thread may call these.
#include <string_view>

namespace regard {

// Returns the release, "major.minor.patch".
[[nodiscard]] std::string_view version() noexcept;

// Returns the git commit from which the library was built, 40 hexadecimal digits; "unknown" for sources that are
// neither a checkout (with git installed) nor an archive made by `git archive`.
[[nodiscard]] std::string_view commit() noexcept;

// Returns whether all tracked files were those of the commit; false if this is not known, as in an archive.
[[nodiscard]] bool tree_clean() noexcept;

// Returns the name and version of the compiler, for example "GNU 12.2.0".
[[nodiscard]] std::string_view compiler() noexcept;

// Returns the compiler flags that can change a number: optimisation, instruction set, sanitizers.
[[nodiscard]] std::string_view flags() noexcept;

// Returns the libraries with which it was built: "Eigen3 3.4.0, fmt 9.1.0, …".
[[nodiscard]] std::string_view libraries() noexcept;

}  // namespace regard
