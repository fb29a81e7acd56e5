#include "framework/data/tokenizer.h"

#include "tests/support/catch.h"

namespace regard::data {

using Tokens = std::vector<std::string>;

TEST_CASE("tokenizer: word cuts at Python's whitespace and joins with one space") {
  const auto word = tokenizers().at("word").make({});
  CHECK(word->encode("le chat  noir") == Tokens{"le", "chat", "noir"});
  CHECK(word->encode("\t l'\u00A0homme\u2003est\u2028là \r") == Tokens{"l'", "homme", "est", "là"});
  CHECK(word->encode("").empty());
  CHECK(word->encode(" \t ").empty());
  CHECK(word->decode(word->encode("  le  chat ")) == "le chat");
  CHECK(word->decode({}).empty());
}

TEST_CASE("tokenizer: char cuts code points and shows the space") {
  const auto chars = tokenizers().at("char").make({});
  CHECK(chars->encode(" où  \tva🐈 ") == Tokens{"o", "ù", "▁", "v", "a", "🐈"});
  CHECK(chars->encode("").empty());
  CHECK(chars->decode(chars->encode(" où  \tva🐈 ")) == "où va🐈");
}

TEST_CASE("tokenizer: a visible space of the text comes back as a space") {
  const auto chars = tokenizers().at("char").make({});
  CHECK(chars->decode(chars->encode("a▁b")) == "a b");
}

TEST_CASE("tokenizer: what tokens a line has does not depend on training") {
  for (const TokenizerKind* kind : tokenizers().entries()) {
    const auto trained = kind->make({});
    const std::vector<std::string> lines = {"a b", "b c"};
    trained->train(lines);
    CHECK(trained->encode("a b") == kind->make({})->encode("a b"));
  }
}

TEST_CASE("tokenizer: an unknown name lists the known ones and the nearest") {
  CHECK_THROWS_WITH(
      tokenizers().at("words"),
      "unknown tokenizer 'words'; did you mean 'word'? Known: char (code points, a space as ▁), word "
      "(what stands between whitespace)");
}

}  // namespace regard::data
