#pragma once
// Writes a tree as YAML text that all readers (YAML 1.1 and 1.2) read in the same way.
#include <map>
#include <string>
#include <string_view>

#include "framework/config/tree.h"

namespace regard::config {

// Returns block style with two spaces for each level, and lists of scalars on one line. Reading it returns the same
// tree (same()) if every scalar that is not `quoted` came from a reader, from make_text, or from make_plain with a
// number or word.
[[nodiscard]] std::string to_yaml(const Node& node);

// Returns the value in YAML's flow style, to be shown after a key. It is not meant to be parsed.
[[nodiscard]] std::string on_one_line(const Node& node);

// Returns each value below `node` by its dotted key, as on_one_line writes it. A list, an empty map and a scalar are
// values.
[[nodiscard]] std::map<std::string, std::string> by_dotted_key(const Node& node);

// Returns whether `text` needs quotes to be read as this text, because it is empty, has special characters, or is a
// number, a truth value or null for some reader ("010", "no", "~", "1.5").
[[nodiscard]] bool needs_quotes(std::string_view text);

// Returns `text`, which must be valid UTF-8, in double quotes with escapes.
[[nodiscard]] std::string in_double_quotes(std::string_view text);

// Returns the shortest text that reads back as the same number. It has a decimal point, so that YAML 1.1 also reads a
// number: "0.002", "1.0", "1.0e-05".
[[nodiscard]] std::string number_text(double number);

}  // namespace regard::config
