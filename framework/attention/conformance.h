#pragma once
// Checks whether a registered variant keeps the contract of attention.h. A variant needs only its registration, so
// a new file is tested because it exists. `regard check` prints the result of conform().
//
// Equality means |a - b| <= 1e-9 max(1, |a|, |b|) in f64 and 1e-4 in f32; a gradient agrees with its central
// difference within 1e-6 max(1, |a|, |n|).
#include <functional>
#include <string>
#include <vector>

#include "framework/attention/registry.h"

namespace regard::attention {

enum class Outcome : std::uint8_t { passed, failed, skipped };

struct Check {
  std::string name;  // "gradients", "batch", …: conformance_checks() explains each
  Outcome outcome = Outcome::passed;
  std::string figure = {};   // the measurement: "worst 2.1e-10 at h_s [0, 1, 2]"
  std::string message = {};  // failed: what is wrong and where to look; skipped: why
};

// The checks by name with their meaning, in the order of conform().
struct CheckMeaning {
  const char* name;
  const char* meaning;
};
[[nodiscard]] const std::vector<CheckMeaning>& conformance_checks();

// Runs every check separately: an exception of the variant fails the current check. If the variant refuses the
// sizes, all checks are skipped with its reason. Widths of 3 to 8 are enough, and fast; for larger ones the
// gradient check uses at most 64 elements of each input and parameter. Changes the number of threads during the
// checks. `begins` receives the name of each check before it starts, so that a caller can say where a variant
// crashed.
[[nodiscard]] std::vector<Check> conform(const Variant& variant, Sizes sizes, const config::Options& options,
                                         std::uint64_t seed = 1,
                                         const std::function<void(const char* check)>& begins = {});
// Returns the default options, and for each boolean or choice, each of its other values with the other options at
// their defaults.
[[nodiscard]] std::vector<config::Options> options_to_try(const Variant& variant);
// Like conform(), with the default options.
[[nodiscard]] std::vector<Check> conform(const Variant& variant, Sizes sizes, std::uint64_t seed = 1);

}  // namespace regard::attention
