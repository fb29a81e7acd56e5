#pragma once
// UTF-8 as defined by the Unicode standard (table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
#include <optional>
#include <string>
#include <string_view>

#include "framework/base/base.h"

namespace regard::utf8 {

// Returns the offset of the first byte that does not start or continue a valid sequence, or nothing if all bytes
// are valid. An incomplete or wrong sequence is reported at its first byte.
[[nodiscard]] std::optional<std::size_t> first_invalid(std::string_view text) noexcept;

// Returns the text with every invalid byte written as \xE9, for names of files in JSON and messages.
[[nodiscard]] std::string escaped(std::string_view text);

// Returns the code point that starts at `position`, and moves `position` behind it. The text must be valid and
// position inside it.
[[nodiscard]] char32_t decode(std::string_view text, std::size_t& position) noexcept;

// Appends a code point, which must be valid (not a surrogate, at most U+10FFFF).
void append(std::string& text, char32_t code_point);

[[nodiscard]] std::u32string to_utf32(std::string_view valid_text);
[[nodiscard]] std::string to_utf8(std::u32string_view code_points);

// Returns the number of code points of valid text.
[[nodiscard]] Index length(std::string_view valid_text) noexcept;

// Returns the same as Python's str.isspace(): whether str.split() and str.strip() without arguments remove the
// character.
[[nodiscard]] constexpr bool is_whitespace(char32_t c) noexcept {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace regard::utf8
