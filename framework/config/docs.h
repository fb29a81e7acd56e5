#pragma once
// Describes rows for readers: `regard explain`, docs/plan.md and the JSON schema.
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/options.h"

namespace regard::config {

// One key of a plan with its description.
struct Described {
  std::string key;      // dotted
  std::string variant;  // the variant that has the key ("concat"); "" for a key that always exists
  OptionRow row;
  // The tagged keys above it with their variants, outermost first; the last one is `variant`.
  std::vector<std::pair<std::string, std::string>> variants = {};
};

// Returns every key below `prefix`: a section is before its keys, and a tagged key is before the options of its
// variants.
[[nodiscard]] std::vector<Described> describe_all(const std::vector<OptionRow>& rows,
                                                  const std::string& prefix = "");

// Returns the default as it would be written: "0.002", "[1, 2]", "none given" for an optional, "must be given".
[[nodiscard]] std::string default_text(const OptionRow& row);

// Returns the description of a key and the keys below it, or of all keys if `key` is empty, each with the lines that
// `more` adds. ConfigError for an unknown key, with the nearest one.
[[nodiscard]] std::string explain(const std::vector<OptionRow>& rows, std::string_view key = "",
                                  const std::function<std::string(const Described&)>& more = {});

// Returns a Markdown table: key, accepts, default, unit, meaning; one line for each key.
[[nodiscard]] std::string markdown_table(const std::vector<OptionRow>& rows);

// Returns the JSON Schema (draft 7) of a map with these keys, as JSON text. Choices and variants are those that are
// registered at the time of the call.
[[nodiscard]] std::string schema(const std::vector<OptionRow>& rows);

}  // namespace regard::config
