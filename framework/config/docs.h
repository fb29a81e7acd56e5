#pragma once
// What rows say to readers: `regard explain`, docs/plan.md and the JSON schema.
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/options.h"

namespace regard::config {

// One key of a plan with all that is known of it.
struct Described {
  std::string key;      // dotted
  std::string variant;  // the variant that brings the key ("concat"), or "" for a key that is always there
  OptionRow row;
};

// Every key below `prefix`, each section before its keys; the options of a tagged key's variants after it.
[[nodiscard]] std::vector<Described> describe_all(const std::vector<OptionRow>& rows,
                                                  const std::string& prefix = "");

// The default as it would be written: "0.002", "[1, 2]", "none given" for an optional, "must be given".
[[nodiscard]] std::string standard_text(const OptionRow& row);

// One key and what lies below it; `key` empty: all of them. ConfigError for an unknown key, with the nearest.
[[nodiscard]] std::string explain(const std::vector<OptionRow>& rows, std::string_view key = "");

// A Markdown table: key, accepts, default, unit, meaning; one line a key.
[[nodiscard]] std::string markdown_table(const std::vector<OptionRow>& rows);

// JSON Schema (draft 7) of a map with these keys, as JSON text; choices and variants as registered when called.
[[nodiscard]] std::string schema(const std::vector<OptionRow>& rows);

}  // namespace regard::config
