#include "framework/evaluation/pieces.h"

#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

using Tokens = std::vector<std::string>;
using Words = std::vector<Index>;

std::optional<Words> words(const std::string& line, const Tokens& tokens) { return words_of_tokens(line, tokens); }

}  // namespace

TEST_CASE("pieces: a word that was not split is its own piece") {
  CHECK(words("le chat noir", {"le", "chat", "noir"}) == Words{0, 1, 2});
  CHECK(words("  le\tchat ", {"le", "chat"}) == Words{0, 1});
}

TEST_CASE("pieces: subwords with and without SentencePiece's mark belong to the word they spell") {
  CHECK(words("der Hund bellt", {"▁der", "▁Hu", "nd", "▁be", "ll", "t"}) == Words{0, 1, 1, 2, 2, 2});
  CHECK(words("der Hund", {"▁", "der", "▁", "Hund"}) == Words{0, 0, 1, 1});
  CHECK(words("ab c", {"a", "b", "c"}) == Words{0, 0, 1});
  CHECK(words("ab c", {"a", "b", "▁", "c"}) == Words{0, 0, 1, 1});
}

TEST_CASE("pieces: normalised text is matched by the number of words or not at all") {
  CHECK(words("Der HUND", {"der", "hund"}) == Words{0, 1});
  CHECK(words("Der HUND", {"▁der", "▁hu", "nd"}) == Words{0, 1, 1});
  CHECK_FALSE(words("Der HUND", {"d", "er", "hund"}));
  CHECK_FALSE(words("der", {"der", "Hund", "x"}));
  CHECK_FALSE(words("der Hund", {"der", "Hund", "er"}));
}

TEST_CASE("pieces: a token over two words cannot be matched") { CHECK_FALSE(words("a b c", {"ab", "c"})); }

TEST_CASE("pieces: an empty text matches only an empty text") {
  CHECK(words("", {}) == Words{});
  CHECK_FALSE(words("a", {}));
  CHECK_FALSE(words("", {"a"}));
}

}  // namespace regard::evaluation
