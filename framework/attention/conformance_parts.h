#pragma once
// What the files of the conformance suite share. Used by them alone.
#include "framework/attention/conformance.h"
#include "framework/attention/conformance_trial.h"

namespace regard::attention {

inline constexpr double kEqual64 = 1e-9;
inline constexpr double kEqual32 = 1e-4;
[[nodiscard]] constexpr double equal_within(DType type) { return type == DType::f64 ? kEqual64 : kEqual32; }

[[nodiscard]] inline Check passed(const char* name, std::string figure = {}) {
  return {name, Outcome::passed, std::move(figure), {}};
}
[[nodiscard]] inline Check failed(const char* name, std::string figure, std::string message) {
  return {name, Outcome::failed, std::move(figure), std::move(message)};
}
[[nodiscard]] inline Check skipped(const char* name, std::string why) {
  return {name, Outcome::skipped, {}, std::move(why)};
}

// What one suite is about: the variant, and how to make a trial of it.
struct Subject {
  const Variant& variant;
  Sizes sizes;
  const config::Options& options;
  std::uint64_t seed = 0;

  // The same inputs for any `params`; another number is another start of the parameters.
  [[nodiscard]] Trial trial(DType type, std::uint64_t params = 0) const {
    return {variant, sizes, options, type, seed, seed + params};
  }
};

// One function a row of conformance_checks(), which says what it asks.
[[nodiscard]] Check check_gradients(const Subject& subject);
[[nodiscard]] Check check_weights(const Subject& subject);
[[nodiscard]] Check check_padding(const Subject& subject);
[[nodiscard]] Check check_batch(const Subject& subject);
[[nodiscard]] Check check_steps(const Subject& subject);
[[nodiscard]] Check check_order(const Subject& subject);
[[nodiscard]] Check check_one_word(const Subject& subject);
[[nodiscard]] Check check_long_source(const Subject& subject);
[[nodiscard]] Check check_extreme(const Subject& subject);
[[nodiscard]] Check check_memory(const Subject& subject);
[[nodiscard]] Check check_threads(const Subject& subject);
[[nodiscard]] Check check_hypotheses(const Subject& subject);
[[nodiscard]] Check check_leaving(const Subject& subject);
[[nodiscard]] Check check_two_tapes(const Subject& subject);
[[nodiscard]] Check check_feeding(const Subject& subject);
[[nodiscard]] Check check_save_and_load(const Subject& subject);

}  // namespace regard::attention
