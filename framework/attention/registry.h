#pragma once
// The variants of attention by name. A variant is one file with one registration:
//
//   [[maybe_unused]] const bool registered = register_variant({.name = "dot", .summary = "…", .make = …});
//
// in framework/attention/variants/ (found by the build) or in a plug-in (found under `plugins:` of a plan). The
// facts of a registration drive the checks: docs/attention.md.
#include <functional>
#include <string>
#include <vector>

#include "framework/attention/attention.h"
#include "framework/autodiff/ops.h"  // what a variant is made of
#include "framework/base/registry.h"
#include "framework/config/options.h"
#include "framework/nn/params.h"

// In a plug-in: the mark of the build that its headers belong to, asked for whether it is used or not. The
// library's own sources have no such header.
#if __has_include("framework/base/build_mark.h")
#include "framework/base/build_mark.h"
[[gnu::used]] static const char* const regard_built_for = &REGARD_BUILD_MARK;
#endif

namespace regard::attention {

struct Variant {
  static constexpr const char* kind = "attention";

  std::string name;      // small letters, digits and '_', first a letter; not "none"
  std::string summary;   // one line
  std::string equation;  // of the paper, as text; with its source
  std::vector<std::string> aliases = {};
  std::vector<config::OptionRow> options = {};
  bool content_based = true;  // permuting source positions permutes the weights
  bool normalised = true;     // weights sum to 1; else to at most 1
  // Whether these sizes are possible with these options: empty, or why not, as the end of a sentence "attention
  // 'dot' …".
  std::function<std::string(Sizes, const config::Options&)> refuses = {};
  // Exactly one of the two. The object adds its parameters to `params` (scope …/attention) while it is made.
  std::function<ScorePtr(Sizes, const config::Options&, nn::Params&)> make = {};
  std::function<AttentionPtr(Sizes, const config::Options&, nn::Params&)> make_attention = {};

  // What `refuses` says; empty without it.
  [[nodiscard]] std::string refusal(Sizes sizes, const config::Options& given) const {
    return refuses ? refuses(sizes, given) : std::string();
  }
};

// Filled while libraries are loaded, read-only afterwards.
[[nodiscard]] Registry<Variant>& variants();

bool register_variant(Variant variant, const char* file = __builtin_FILE(), int line = __builtin_LINE());

// For `.refuses` of scores that hold the states themselves against each other: both must be equally wide.
[[nodiscard]] std::string refuses_unequal(Sizes sizes, const config::Options&);

// The attention of that name for these sizes. Sizes it refuses are a ConfigError without a place; the caller adds
// it.
[[nodiscard]] AttentionPtr make_attention(const Variant& variant, Sizes sizes, const config::Options& options,
                                          nn::Params params);

}  // namespace regard::attention
