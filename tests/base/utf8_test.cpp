#include "framework/base/utf8.h"

#include <string>

#include "tests/support/catch.h"

namespace regard::utf8 {

TEST_CASE("utf8: every code point survives encoding and decoding") {
  std::string all;
  Index count = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    append(all, c);
    ++count;
  }
  CHECK_FALSE(first_invalid(all).has_value());
  CHECK(length(all) == count);
  std::size_t position = 0;
  bool same = true;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) same = same && decode(all, position) == c;
  }
  CHECK(same);
  CHECK(position == all.size());
}

TEST_CASE("utf8: the first bad byte is found") {
  CHECK_FALSE(first_invalid("").has_value());
  CHECK_FALSE(first_invalid("le chat noir \xC3\xA9t\xC3\xA9 \xF0\x9F\x90\x88").has_value());
  CHECK(first_invalid("abc\xFF") == 3);
  CHECK(first_invalid("ab\x80"
                      "c") == 2);                 // a continuation without a lead
  CHECK(first_invalid("a\xC3") == 1);             // cut off
  CHECK(first_invalid("a\xE2\x82") == 1);         // cut off later
  CHECK(first_invalid("a\xE2\x82z") == 1);        // a continuation is missing
  CHECK(first_invalid("\xC0\xAF") == 0);          // overlong '/'
  CHECK(first_invalid("\xE0\x80\xAF") == 0);      // overlong
  CHECK(first_invalid("\xF0\x80\x80\xAF") == 0);  // overlong
  CHECK(first_invalid("\xED\xA0\x80") == 0);      // a surrogate
  CHECK(first_invalid("\xF4\x90\x80\x80") == 0);  // U+110000
  CHECK(first_invalid("\xF5\x80\x80\x80") == 0);
  CHECK_FALSE(first_invalid("\xF4\x8F\xBF\xBF").has_value());
  CHECK_FALSE(first_invalid("\xED\x9F\xBF\xEE\x80\x80").has_value());
}

TEST_CASE("utf8: all sequences of two bytes are valid or not as a simple rule says") {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      const bool valid = (a < 0x80 && b < 0x80) || (a >= 0xC2 && a <= 0xDF && b >= 0x80 && b <= 0xBF);
      if (valid == first_invalid(text).has_value()) FAIL("bytes " << a << " " << b);
    }
  }
  SUCCEED();
}

TEST_CASE("utf8: text becomes code points and the same text again") {
  CHECK(to_utf32("\xC3\xA9\xF0\x9F\x90\x88") == U"\u00E9\U0001F408");
  CHECK(to_utf8(U"\u00E9\U0001F408") == "\xC3\xA9\xF0\x9F\x90\x88");
}

TEST_CASE("utf8: invalid bytes are escaped and the rest stays") {
  CHECK(escaped("caf\xC3\xA9").size() == 5);
  CHECK(escaped("caf\xE9") == "caf\\xE9");
  CHECK(escaped("\xFF\xC3\xA9\xC3") == "\\xFF\xC3\xA9\\xC3");
  CHECK(escaped("").empty());
}

TEST_CASE("utf8: white space is the same as in Python") {
  Index count = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) count += is_whitespace(c) ? 1 : 0;
  CHECK(count == 29);
  for (const char32_t c :
       U"\t\n\v\f\r\x1C\x1D\x1E\x1F \u0085\u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000") {
    if (c != 0) CHECK(is_whitespace(c));
  }
  for (const char32_t c : {U'\u200B', U'\uFEFF', U'\u180E', U'a', U'\x1B', U'\x08'}) CHECK_FALSE(is_whitespace(c));
}

}  // namespace regard::utf8
