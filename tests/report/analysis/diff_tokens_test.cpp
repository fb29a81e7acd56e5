#include "framework/report/analysis/diff_tokens.h"

#include "tests/support/catch.h"

namespace regard::report {
namespace {

std::vector<std::string> texts(const std::string& line) {
  std::vector<std::string> out;
  for (const DiffToken& token : diff_tokens_of(line)) out.push_back(token.text);
  return out;
}

}  // namespace

TEST_CASE("diff tokens: punctuation at the ends of a word is a separate token but not inside the word") {
  CHECK(texts("(l'eau, 3.5)") == std::vector<std::string>{"(", "l'eau", ",", "3.5", ")"});
  CHECK(texts("").empty());
}

TEST_CASE("diff tokens: an entity is never split at its semicolon") {
  CHECK(texts("qu&apos; il") == std::vector<std::string>{"qu&apos;", "il"});
  CHECK(texts("&#39;") == std::vector<std::string>{"&#39;"});
  CHECK(texts("a & b ;") == std::vector<std::string>{"a", "&", "b", ";"});
  CHECK(texts("a&;") == std::vector<std::string>{"a&", ";"});
}

TEST_CASE("diff tokens: a character of a script without spaces is one token with its marks") {
  CHECK(texts("黑猫。") == std::vector<std::string>{"黑", "猫", "。"});
  CHECK(texts("か\u3099き") == std::vector<std::string>{"か\u3099", "き"});
}

TEST_CASE("diff tokens: the space before a token is kept except before the first") {
  const std::vector<DiffToken> tokens = diff_tokens_of(" a b,");
  REQUIRE(tokens.size() == 3);
  CHECK_FALSE(tokens[0].after_space);
  CHECK(tokens[1].after_space);
  CHECK_FALSE(tokens[2].after_space);
}

TEST_CASE("diff tokens: bytes that are not UTF-8 are tokens and cause no error") {
  CHECK(texts("a\xff b").size() == 2);
}

}  // namespace regard::report
