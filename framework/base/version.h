#pragma once
// What was built, for the manifest of a run and `regard --version`. The answers are fixed when the library is
// linked; they live as long as the library, and any thread may ask.
#include <string_view>

namespace regard {

// The release, "major.minor.patch".
[[nodiscard]] std::string_view version() noexcept;

// The git commit the library was built from, 40 hexadecimal digits; "unknown" for sources that are neither a
// checkout (with git installed) nor an archive made by `git archive`.
[[nodiscard]] std::string_view commit() noexcept;

// Whether no tracked file differed from that commit. False where that cannot be known, as in an archive.
[[nodiscard]] bool tree_clean() noexcept;

// Name and version, for example "GNU 12.2.0".
[[nodiscard]] std::string_view compiler() noexcept;

// The compiler's flags that can move a number: optimisation, instruction set, sanitizers.
[[nodiscard]] std::string_view flags() noexcept;

// The libraries it was built with: "Eigen3 3.4.0, fmt 9.1.0, …".
[[nodiscard]] std::string_view libraries() noexcept;

}  // namespace regard
