#pragma once
// Declarations shared by the files of the conformance suite.
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

// The variant of one suite, and how to make a trial of it.
struct Subject {
  const Variant& variant;
  Sizes sizes;
  const config::Options& options;
  std::uint64_t seed = 0;
  bool training = true;  // else the variant translates

  // Makes a trial with the same inputs for any `params`; another number gives other initial parameters.
  [[nodiscard]] Trial trial(DType type, std::uint64_t params = 0) const {
    return {variant, sizes, options, type, training, seed, seed + params};
  }
};

// One function for each row of conformance_checks(), which explains it.
[[nodiscard]] Check check_shapes(const Subject& subject);
[[nodiscard]] Check check_maps(const Subject& subject);
[[nodiscard]] Check check_copies(const Subject& subject);
[[nodiscard]] Check check_keys(const Subject& subject);
[[nodiscard]] Check check_losses(const Subject& subject);
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
