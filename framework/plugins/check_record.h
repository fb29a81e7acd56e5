#pragma once
// Remembers the result of `regard check` for the variants of a plug-in, for this user and machine: by the sha256 of the
// library and the variant's name, in the file plugin_checks of the user's cache (base/user_cache.h). A run's manifest and
// the report quote it.
#include <string>

namespace regard::plugins {

inline constexpr const char* kCheckPassed = "passed";
inline constexpr const char* kNeverChecked = "never run";

// `outcome` is kCheckPassed or the names of the failed checks, as in "weights, padding". A file that cannot be written
// is ignored. The file keeps the newest 500 outcomes.
void remember_check(const std::string& sha256, const std::string& variant, const std::string& outcome);

// Returns the last outcome; kNeverChecked if there is none.
[[nodiscard]] std::string check_outcome(const std::string& sha256, const std::string& variant);

}  // namespace regard::plugins
