#include "framework/base/unicode.h"

#include "tests/support/catch.h"

namespace regard::unicode {

TEST_CASE("unicode: lower case is the same as in Python") {
  CHECK(lower_case("ABC xyz 1") == "abc xyz 1");
  CHECK(lower_case("ÄÖÜẞ") == "äöüß");
  CHECK(lower_case("ΟΔΟΣ ΣΑΣ Σ") == "οδος σας σ");
  CHECK(lower_case("ΑΣ.") == "ας.");
  CHECK(lower_case("İI") == "i\xCC\x87i");
  CHECK(lower_case("DŽ") == "dž");
  CHECK(lower_case("").empty());
}

TEST_CASE("unicode: NFC composes and changes nothing else") {
  CHECK(normalized("e\u0301te\u0301", NormalForm::nfc) == "été");
  CHECK(normalized("ﬁn\u00A0!", NormalForm::nfc) == "ﬁn\u00A0!");
  CHECK(normalized("plain", NormalForm::nfc) == "plain");
}

TEST_CASE("unicode: NFKC also replaces compatibility characters") {
  CHECK(normalized("ﬁn\u00A0Ａ", NormalForm::nfkc) == "fin A");
}

TEST_CASE("unicode: the form none keeps the bytes") {
  CHECK(normalized("e\u0301ﬁ", NormalForm::none) == "e\u0301ﬁ");
}

TEST_CASE("unicode: a wide character takes two columns of a terminal and a mark none") {
  CHECK(columns("") == 0);
  CHECK(columns("chat noir") == 9);
  CHECK(columns("été") == 3);
  CHECK(columns("e\u0301te\u0301") == 3);
  CHECK(columns("黑猫") == 4);
  CHECK(columns("ねこ ﾈｺ") == 7);  // the second word in half-width letters
  CHECK(columns("고양이") == 6);
  CHECK(columns("\u1100\u1161") == 2);  // a syllable of two parts
  CHECK(columns("Ａ1") == 3);
  CHECK(columns("बिल्ली") == 5);  // three of the marks take a column
  CHECK(columns("قط") == 2);
  CHECK(columns("a\xff") == 2);  // an invalid byte is shown as one character
}

}  // namespace regard::unicode
