#include "framework/evaluation/tokenizer.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

std::string spaced(std::string_view line, Tokenizer tokenizer, bool lowercase = false) {
  const Tokens tokens = tokenize(line, tokenizer, lowercase);
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) out.append(i == 0 ? "" : " ").append(tokens[i]);
  return out;
}

}  // namespace

TEST_CASE("tokenizer 13a: text is tokenised as by sacreBLEU") {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"a...b", "a . . . b"},
      {"1,000.00", "1,000.00"},
      {"3-year-old", "3 - year-old"},
      {"A-B 10-12 x-1", "A-B 10 - 12 x-1"},
      {"U.S.A.", "U . S . A ."},
      {"€5.00/kg", "€5.00 / kg"},
      {"1.,2", "1 . , 2"},
      {"don't", "don't"},
      {"a_b^c", "a _ b ^ c"},
      {"dit\u00A0:", "dit :"},
      {"<unk>", "< unk >"},
      {"&quot;a&amp;lt;b&gt;", "\" a < b >"},
      {"a <skipped> b", "a b"},
      {"", ""},
  };
  for (const auto& [line, wanted] : pairs) CHECK(spaced(line, Tokenizer::a13) == wanted);
}

TEST_CASE("tokenizer intl: Unicode punctuation and symbols are separate tokens except in numbers") {
  CHECK(spaced("«Bonjour», dit-il… 3,5€ !", Tokenizer::intl) == "« Bonjour » , dit - il … 3,5 € !");
  CHECK(spaced("1.000,5 x.y", Tokenizer::intl) == "1.000,5 x . y");
  CHECK(spaced("in 1999.", Tokenizer::intl) == "in 1999.");  // as in the original: the line is not padded
  CHECK(spaced("&quot;", Tokenizer::intl) == "& quot ;");    // entities stay
  CHECK(spaced("a👍b", Tokenizer::intl) == "a 👍 b");
}

TEST_CASE("tokenizer char: every character that is not white space is a token") {
  CHECK(spaced("aé\u3000b c", Tokenizer::chars) == "a é b c");
  CHECK(spaced("e\u0301", Tokenizer::chars) == "e \u0301");
}

TEST_CASE("tokenizer none: Unicode white space separates tokens") {
  CHECK(spaced("  a\u2028b\tc. ", Tokenizer::none) == "a b c.");
}

TEST_CASE("tokenizer: lower case is applied first") {
  CHECK(spaced("A.B ΟΔΟΣ", Tokenizer::a13, true) == "a . b οδος");
}

TEST_CASE("tokenizer: names are those of sacreBLEU") {
  for (const char* name : {"none", "13a", "intl", "char"}) CHECK(name_of(tokenizer_named(name)) == name);
  CHECK_THROWS_WITH(tokenizer_named("14a"),
                    "tokenizer '14a' is unknown; the known ones are 13a, intl, char and none");
}

}  // namespace regard::evaluation
