#pragma once
// Unicode functions on text, with ICU: case, normal forms, width. All functions accept UTF-8 and return valid UTF-8,
// with U+FFFD for invalid bytes. Any thread may call them.
#include <cstdint>
#include <string>
#include <string_view>

#include "framework/base/base.h"

namespace regard::unicode {

// Returns the text in lower case, like Python's str.lower(): full mappings, a final sigma at the end of a word, no
// language-specific rules.
[[nodiscard]] std::string lower_case(std::string_view text);

// Normal forms of Unicode Standard Annex 15. NFC composes (e + acute accent -> é); NFKC also replaces characters that
// differ only in appearance (ﬁ -> fi, full-width letters, NBSP -> space).
enum class NormalForm : std::uint8_t { none, nfc, nfkc };
[[nodiscard]] std::string normalized(std::string_view text, NormalForm form);

// Returns the number of columns on a terminal: two for wide scripts (Unicode Standard Annex 11), none for
// combining marks.
[[nodiscard]] Index columns(std::string_view text);

}  // namespace regard::unicode
