#include "framework/evaluation/text.h"

#include "framework/base/utf8.h"
#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("text: white space is the same as in Python") {
  std::string spaces;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (utf8::is_whitespace(c)) utf8::append(spaces, c);
  }
  CHECK(characters(spaces).size() == 29);
  CHECK(split("a" + spaces + "b").size() == 2);
  CHECK(rstrip("a" + spaces) == "a");
  CHECK(rstrip(spaces).empty());
  CHECK_FALSE(utf8::is_whitespace(0x200B));  // the zero-width space does not count
  CHECK_FALSE(utf8::is_whitespace(0xFEFF));
  CHECK_FALSE(utf8::is_whitespace(0x180E));
}

TEST_CASE("text: a byte that is not UTF-8 counts as one replacement character") {
  CHECK(characters("a\xFFz") == std::vector<char32_t>{'a', 0xFFFD, 'z'});
  CHECK(rstrip("a\xC2") == "a\xC2");
  CHECK(split("\x80 \x80").size() == 2);
}

}  // namespace regard::evaluation
