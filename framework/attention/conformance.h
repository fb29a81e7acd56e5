#pragma once
// Conformance: whether a registered variant keeps the contract of attention.h. Nothing is asked of a variant but
// its registration, so that a new file is tested by its existence; `regard check` prints what conform() returns.
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
  std::string name;  // "gradients", "batch", …: conformance_checks() says what each means
  Outcome outcome = Outcome::passed;
  std::string figure = {};   // what was measured: "worst 2.1e-10 at h_s [0, 1, 2]"
  std::string message = {};  // failed: what is wrong and where to look; skipped: why
};

// The checks by name with what they ask, in the order in which conform() makes them.
struct CheckMeaning {
  const char* name;
  const char* meaning;
};
[[nodiscard]] const std::vector<CheckMeaning>& conformance_checks();

// Makes every check, each by itself: what a variant throws fails the check in which it happens. Sizes that the
// variant refuses skip them all, with its reason. Widths of 3 to 8 are enough, and quick; with larger ones at most
// 64 elements of each input and parameter are taken for the gradient check. Changes the number of threads
// meanwhile. `begins` is told the name of each check before it is made, for who must say where a variant crashed.
[[nodiscard]] std::vector<Check> conform(const Variant& variant, Sizes sizes, const config::Options& options,
                                         std::uint64_t seed = 1,
                                         const std::function<void(const char* check)>& begins = {});
// The options' defaults; and for each boolean or choice, each of its other values beside the defaults of the rest.
[[nodiscard]] std::vector<config::Options> options_to_try(const Variant& variant);
// conform() with the options' defaults.
[[nodiscard]] std::vector<Check> conform(const Variant& variant, Sizes sizes, std::uint64_t seed = 1);

}  // namespace regard::attention
