#include "framework/base/unicode.h"

#include "tests/support/catch.h"

namespace regard::unicode {

TEST_CASE("unicode: lower case is Python's") {
  CHECK(lower_case("ABC xyz 1") == "abc xyz 1");
  CHECK(lower_case("ÄÖÜẞ") == "äöüß");
  CHECK(lower_case("ΟΔΟΣ ΣΑΣ Σ") == "οδος σας σ");
  CHECK(lower_case("ΑΣ.") == "ας.");
  CHECK(lower_case("İI") == "i\xCC\x87i");
  CHECK(lower_case("DŽ") == "dž");
  CHECK(lower_case("").empty());
}

TEST_CASE("unicode: NFC composes and leaves the rest") {
  CHECK(normalized("e\u0301te\u0301", NormalForm::nfc) == "été");
  CHECK(normalized("ﬁn\u00A0!", NormalForm::nfc) == "ﬁn\u00A0!");
  CHECK(normalized("plain", NormalForm::nfc) == "plain");
}

TEST_CASE("unicode: NFKC also replaces what only looks different") {
  CHECK(normalized("ﬁn\u00A0Ａ", NormalForm::nfkc) == "fin A");
}

TEST_CASE("unicode: no normal form leaves the bytes") {
  CHECK(normalized("e\u0301ﬁ", NormalForm::none) == "e\u0301ﬁ");
}

}  // namespace regard::unicode
