#pragma once
// Text as sacreBLEU sees it: Python's notion of white space (utf8::is_whitespace), on UTF-8.
//
// All functions take valid UTF-8 (read_lines checks files); a byte that belongs to no character counts as one
// character U+FFFD, so that nothing fails on text that was made in the program. No state: callable from any
// thread.
#include <string>
#include <string_view>
#include <vector>

namespace regard::evaluation {

// The character that starts at `position`, which moves behind it.
[[nodiscard]] char32_t next_character(std::string_view text, std::size_t& position) noexcept;

[[nodiscard]] std::vector<char32_t> characters(std::string_view text);

// str.rstrip(): without the white space at the end.
[[nodiscard]] std::string_view rstrip(std::string_view text) noexcept;

// str.split(): the pieces between runs of white space; views into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text);

}  // namespace regard::evaluation
