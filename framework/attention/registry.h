#pragma once
// The variants of attention by name. A variant is one file with one registration:
//
//   [[maybe_unused]] const bool registered = register_variant({.name = "dot", .summary = "…", .make = …});
//
// in framework/attention/variants/ (found by the build) or in a plug-in (named under `plugins:` of a plan). The
// checks use the facts of a registration: docs/attention.md.
#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/attention/attention.h"
#include "framework/autodiff/ops.h"  // what a variant is made of
#include "framework/base/registry.h"
#include "framework/config/options.h"
#include "framework/nn/params.h"

// In a plug-in: a reference to the mark of the build that its headers belong to. The library's own sources do not
// have this header.
#if __has_include("framework/base/build_mark.h")
#include "framework/base/build_mark.h"
[[gnu::used]] static const char* const regard_built_for = &REGARD_BUILD_MARK;
#endif

namespace regard::attention {

// A loss of a variant's own (Query::add_loss). Its weight becomes the option of this name.
struct OwnLoss {
  std::string name;     // small letters, digits and '_', first a letter
  double weight = 1;    // the option's default; 0: the loss is only recorded
  std::string meaning;  // of the loss, for the option's row
};

struct Variant {
  static constexpr const char* kind = "attention";

  std::string name;      // small letters, digits and '_', first a letter; not "none"
  std::string summary;   // one line
  std::string equation;  // of the paper, as text; with its source
  std::vector<std::string> aliases = {};
  std::vector<config::OptionRow> options = {};
  bool content_based = true;        // permuting source positions permutes the weights
  bool normalised = true;           // weights sum to 1; else to at most 1
  bool stochastic = false;          // takes random numbers in training
  bool straight_through = false;    // its gradient is that of a soft surrogate (Query::straight_through)
  bool extends_vocabulary = false;  // writes words of the source (Attended::copies)
  std::vector<OwnLoss> losses = {};
  // Returns "" if these sizes are possible with these options; else the reason, as the end of a sentence
  // "attention 'dot' …".
  std::function<std::string(Sizes, const config::Options&)> refuses = {};
  // Exactly one of the two is set. The object adds its parameters to `params` (scope …/attention) in its
  // constructor.
  std::function<ScorePtr(Sizes, const config::Options&, nn::Params&)> make = {};
  std::function<AttentionPtr(Sizes, const config::Options&, nn::Params&)> make_attention = {};

  // Returns whether weights depend on what is in a position: directly, or through an option `score`
  // (inner_score.h) beside the position. Of the built-in variants only `location` looks at positions alone.
  [[nodiscard]] bool looks_at_content() const {
    return content_based ||
           std::any_of(options.begin(), options.end(), [](const auto& row) { return row.name == "score"; });
  }
  // Returns the result of `refuses`; "" if it is not set.
  [[nodiscard]] std::string refusal(Sizes sizes, const config::Options& given) const {
    return refuses ? refuses(sizes, given) : std::string();
  }
};

// Returns whether it can name a variant, a loss or a watched number. Names are in plans, in JSON and in file names, so
// they are small letters, digits and '_', first a letter.
[[nodiscard]] bool is_name(std::string_view name);

// The registry of variants: filled while libraries are loaded, read-only afterwards.
[[nodiscard]] Registry<Variant>& variants();

// Registers a variant; `file` and `line` say where, in the message about a duplicate name.
bool register_variant(Variant variant, const char* file = __builtin_FILE(), int line = __builtin_LINE());

// A function for `.refuses` of scores that compare the states directly: both states must have the same width.
[[nodiscard]] std::string refuses_unequal(Sizes sizes, const config::Options&);

// Makes the attention of this variant for these sizes. Refused sizes are a ConfigError without a place, which the
// caller adds.
[[nodiscard]] AttentionPtr make_attention(const Variant& variant, Sizes sizes, const config::Options& options,
                                          nn::Params params);

}  // namespace regard::attention
