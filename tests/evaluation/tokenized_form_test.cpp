#include "framework/evaluation/tokenized_form.h"

#include <cstdlib>

#include "framework/evaluation/lines.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace regard::evaluation {

TEST_CASE("tokenized form: it has lower case and separate punctuation and Moses's entities") {
  CHECK(tokenized_form("Zwei junge weiße Männer sind im Freien.") == "zwei junge weiße männer sind im freien .");
  CHECK(tokenized_form("Ein T-Shirt mit „Asian Pacific 2007“, ÄPFEL & [x]") ==
        "ein t-shirt mit &quot; asian pacific 2007 &quot; , äpfel &amp; &#91; x &#93;");
  CHECK(tokenized_form("3,5 m breit") == "3,5 m breit");
  CHECK(tokenized_form("").empty());
}

// Compares with the tokenised files of Multi30k, if REGARD_MULTI30K names its folder.
TEST_CASE("tokenized form: 99 of 100 references of Multi30k equal those of Moses's scripts") {
  const char* folder = std::getenv("REGARD_MULTI30K");
  if (folder == nullptr) REGARD_SKIP("REGARD_MULTI30K does not name a folder with test sets");
  for (const std::string test : {"/test_2016_flickr.de", "/test_2017_flickr.de"}) {
    const Lines plain = read_lines(folder + test);
    const Lines tokenized = read_lines(std::string(folder) + "/tok" + test);
    REQUIRE(plain.size() == 1000);
    Index same = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) same += tokenized_form(plain[i]) == tokenized[i] ? 1 : 0;
    CHECK(same >= 990);
  }
}

}  // namespace regard::evaluation
