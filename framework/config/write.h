#pragma once
// A tree as YAML text that this and other readers (YAML 1.1 and 1.2) understand alike.
#include <string>
#include <string_view>

#include "framework/config/tree.h"

namespace regard::config {

// Block style, two spaces a level, lists of scalars on one line. Read again it gives the same tree (same()),
// provided that every scalar which is not `quoted` came from a reader, make_plain with a number or word, or
// make_text.
[[nodiscard]] std::string to_yaml(const Node& node);

// The value in YAML's flow style, scalars as they are read: what a reader sees beside a key. Not to be read again.
[[nodiscard]] std::string on_one_line(const Node& node);

// Whether `text` must stand in quotes to be read as this text: it is empty, has characters with a meaning, or some
// reader takes it for a number, a truth value or null ("010", "no", "~", "1.5").
[[nodiscard]] bool needs_quotes(std::string_view text);

// With escapes where needed; `text` is valid UTF-8.
[[nodiscard]] std::string in_double_quotes(std::string_view text);

// The shortest text that reads back as the same number, with a point, so that YAML 1.1 too reads a number:
// "0.002", "1.0", "1.0e-05".
[[nodiscard]] std::string number_text(double number);

}  // namespace regard::config
