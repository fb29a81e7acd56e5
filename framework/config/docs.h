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
  std::string variant;  // the variant that brings the key ("concat"), or "" for a key that is always there
  OptionRow row;
};

// Returns every key below `prefix`: each section before its keys, and the options of a tagged key's variants after
// it.
[[nodiscard]] std::vector<Described> describe_all(const std::vector<OptionRow>& rows,
                                                  const std::string& prefix = "");

// Returns the default as it would be written: "0.002", "[1, 2]", "none given" for an optional, "must be given".
[[nodiscard]] std::string standard_text(const OptionRow& row);

// Returns the description of a key and the keys below it, or of all keys if `key` is empty, each with the lines that
// `more` adds. ConfigError for an unknown key, with the nearest one.
[[nodiscard]] std::string explain(const std::vector<OptionRow>& rows, std::string_view key = "",
                                  const std::function<std::string(const Described&)>& more = {});

// Returns a Markdown table: key, accepts, default, unit, meaning; one line for each key.
[[nodiscard]] std::string markdown_table(const std::vector<OptionRow>& rows);

// Returns the JSON Schema (draft 7) of a map with these keys, as JSON text; choices and variants as registered
// when called.
[[nodiscard]] std::string schema(const std::vector<OptionRow>& rows);

}  // namespace regard::config
