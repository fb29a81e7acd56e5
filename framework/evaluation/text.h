#pragma once
// Splits text as sacreBLEU does: with Python's definition of white space (utf8::is_whitespace), on UTF-8.
//
// All functions expect valid UTF-8 (read_lines checks files). An invalid byte counts as one character U+FFFD, so that
// nothing fails on text that the program made. No state: callable from any thread.
#include <string>
#include <string_view>
#include <vector>

namespace regard::evaluation {

// Returns the character that starts at `position`, and moves `position` to the next one.
[[nodiscard]] char32_t next_character(std::string_view text, std::size_t& position) noexcept;

[[nodiscard]] std::vector<char32_t> characters(std::string_view text);

// Python's str.rstrip(): returns the text without white space at the end.
[[nodiscard]] std::string_view rstrip(std::string_view text) noexcept;

// Python's str.split(): returns the pieces between runs of white space, as views into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text);

}  // namespace regard::evaluation
