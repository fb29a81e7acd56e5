#pragma once
// What the Unicode standard says about text beyond its encoding (ICU): case, normal forms, width. All functions
// take UTF-8 and give valid UTF-8, U+FFFD for what is not; any thread.
#include <cstdint>
#include <string>
#include <string_view>

#include "framework/base/base.h"

namespace regard::unicode {

// Python's str.lower(): full mappings, a final sigma at the end of a word, no language's own rules.
[[nodiscard]] std::string lower_case(std::string_view text);

// Unicode Standard Annex 15. NFC composes (e + acute accent -> é); NFKC also replaces what only looks different
// (ﬁ -> fi, full-width letters, NBSP -> space).
enum class NormalForm : std::uint8_t { none, nfc, nfkc };
[[nodiscard]] std::string normalized(std::string_view text, NormalForm form);

// Columns that it takes on a terminal: two for wide scripts (Unicode Standard Annex 11), none for combining marks.
[[nodiscard]] Index columns(std::string_view text);

}  // namespace regard::unicode
