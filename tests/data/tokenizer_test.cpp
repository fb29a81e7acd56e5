#include "framework/data/tokenizer.h"

#include "tests/support/catch.h"

namespace regard::data {

namespace {

using Tokens = std::vector<std::string>;

TokenizerPtr characters(bool marks = false) {
  const TokenizerKind& kind = tokenizers().at("char");
  config::Options options = config::defaults(kind.options);
  options.put("marks", {marks});
  return kind.make(options, Side::source);
}

}  // namespace

TEST_CASE("tokenizer: word splits at Python's white space and joins with one space") {
  const auto word = tokenizers().at("word").make({}, Side::source);
  CHECK(word->encode("le chat  noir") == Tokens{"le", "chat", "noir"});
  CHECK(word->encode("\t l'\u00A0homme\u2003est\u2028là \r") == Tokens{"l'", "homme", "est", "là"});
  CHECK(word->encode("").empty());
  CHECK(word->encode(" \t ").empty());
  CHECK(word->decode(word->encode("  le  chat ")) == "le chat");
  CHECK(word->decode({}).empty());
}

TEST_CASE("tokenizer: char splits into code points and marks the space") {
  const auto chars = characters();
  CHECK(chars->encode(" où  \tva🐈 ") == Tokens{"o", "ù", "▁", "v", "a", "🐈"});
  CHECK(chars->encode("").empty());
  CHECK(chars->decode(chars->encode(" où  \tva🐈 ")) == "où va🐈");
}

TEST_CASE("tokenizer: a visible space of the text is decoded as a space") {
  const auto chars = characters();
  CHECK(chars->decode(chars->encode("a▁b")) == "a b");
}

TEST_CASE("tokenizer: a word in angle brackets is one token of char with marks") {
  const auto marks = characters(true);
  CHECK(marks->encode("ab <PL> c<D> <> <") ==
        Tokens{"a", "b", "▁", "<PL>", "▁", "c", "<", "D", ">", "▁", "<", ">", "▁", "<"});
  CHECK(marks->decode(marks->encode("ab <PL>")) == "ab <PL>");
  CHECK(characters()->encode("<P>") == Tokens{"<", "P", ">"});
}

TEST_CASE("tokenizer: sides make another tokeniser for each side") {
  const TokenizerKind& kind = tokenizers().at("sides");
  config::Options options;
  options.put("source", {config::Tagged{"char", config::defaults(tokenizers().at("char").options)}});
  options.put("target", {config::Tagged{"word"}});
  CHECK(kind.make(options, Side::source)->encode("ab c") == Tokens{"a", "b", "▁", "c"});
  CHECK(kind.make(options, Side::target)->encode("ab c") == Tokens{"ab", "c"});
}

TEST_CASE("tokenizer: word and char have nothing to learn") {
  const std::vector<std::string> lines = {"a b", "b c"};
  const std::span<const std::string> text = lines;
  for (const char* name : {"word", "char"}) {
    const TokenizerKind& kind = tokenizers().at(name);
    const auto trained = kind.make(config::defaults(kind.options), Side::source);
    trained->train({&text, 1});
    CHECK(trained->learned().empty());
    CHECK(trained->encode("a b") == kind.make(config::defaults(kind.options), Side::target)->encode("a b"));
  }
}

TEST_CASE("tokenizer: the error of an unknown name lists the known ones and the nearest") {
  CHECK_THROWS_WITH(
      tokenizers().at("words"),
      "unknown tokenizer 'words'; did you mean 'word'? Known: char (code points, with ▁ for a space), sentencepiece "
      "(subwords, learned from the training text or from a .model file), sides (a tokeniser for each side), word (words "
      "between whitespace)");
}

}  // namespace regard::data
