#include "framework/data/prepare.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>

#include "framework/base/errors.h"
#include "framework/data/corpora/chat_noir.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace regard::data {
namespace {

using Lines = std::vector<std::string>;

Splits small() {
  Splits splits;
  splits.train.source = {"the cat", "the black cat", "a dog and a cat and a bird"};
  splits.train.target = {"le chat", "le chat noir", "un chien et un chat et un oiseau"};
  splits.valid.source = {"the bird", "the black dog"};
  splits.valid.target = {"l' oiseau", "le chien noir"};
  splits.tests.push_back({"b", {.source = {"", "the </s> cat"}, .target = {"", "le chat"}, .gold = {}}});
  splits.tests.push_back({"a", {.source = {"cat"}, .target = {"chat"}, .gold = {}}});
  return splits;
}

Lines words(const Vocabulary& vocabulary, std::span<const TokenId> ids) { return tokens_of(vocabulary, ids); }

}  // namespace

TEST_CASE("prepare: text becomes ids of its own side and the ids become the text") {
  const Prepared p = prepare(small(), {.max_length = 0});
  CHECK(p.train.size() == 3);
  CHECK(p.train.lines == std::vector<Index>{0, 1, 2});
  CHECK(words(p.source, p.train.source[1]) == Lines{"the", "black", "cat"});
  CHECK(words(p.target, p.train.target[1]) == Lines{"le", "chat", "noir"});
  CHECK(p.source.id("le") == kUnk);
  CHECK(p.target.id("the") == kUnk);
  CHECK(p.train.source_unknown == 0);
  CHECK(p.source_tokenizer->decode(words(p.source, p.train.source[1])) == "the black cat");
}

TEST_CASE("prepare: vocabularies come from the training pairs that are short enough") {
  const Prepared p = prepare(small(), {.max_length = 3});
  CHECK(p.train.size() == 2);
  CHECK(p.train.too_long == 1);
  CHECK(p.train.lines == std::vector<Index>{0, 1});
  CHECK(p.source.id("dog") == kUnk);
  CHECK(p.source.size() == kSpecials + 3);
  CHECK(p.valid.size() == 2);
  CHECK(p.valid.too_long == 0);
  CHECK(p.valid.source_unknown == 2);
  CHECK(p.valid.target_unknown == 3);
}

TEST_CASE("prepare: a pair is too long if one side is") {
  Splits splits = small();
  splits.train.source = {"a", "a b c d", "a"};
  splits.train.target = {"a b c d", "a", "a"};
  const Prepared p = prepare(splits, {.max_length = 3});
  CHECK(p.train.lines == std::vector<Index>{2});
  CHECK(p.train.too_long == 2);
}

TEST_CASE("prepare: test sets keep their order and every line") {
  const Prepared p = prepare(small(), {.max_length = 3});
  REQUIRE(p.tests.size() == 2);
  CHECK(p.tests[0].name == "b");
  CHECK(p.tests[1].name == "a");
  CHECK(p.tests[0].dataset.size() == 2);
  CHECK(p.tests[0].dataset.source.length(0) == 0);
  const auto ids = p.tests[0].dataset.source[1];
  CHECK(std::vector<TokenId>(ids.begin(), ids.end()) ==
        std::vector<TokenId>{p.source.id("the"), kUnk, p.source.id("cat")});
}

TEST_CASE("prepare: a shared vocabulary counts both sides") {
  const Prepared p = prepare(small(), {.vocabulary = {.min_frequency = 1, .max_size = 0, .shared = true}});
  CHECK(p.source == p.target);
  CHECK(p.source.id("le") != kUnk);
  CHECK(p.source.id("the") != kUnk);
}

TEST_CASE("prepare: frequency and size limit the vocabulary") {
  const Prepared p = prepare(small(), {.vocabulary = {.min_frequency = 2, .max_size = 2, .shared = false}});
  CHECK(p.source.to_text() == "<pad>\n<unk>\n<s>\n</s>\na\ncat\n");
  CHECK(p.train.source_unknown == 7);
}

TEST_CASE("prepare: characters can be tokens") {
  const Prepared p = prepare(
      small(), {.tokenizer = {.name = "char", .options = config::defaults(tokenizers().at("char").options)}});
  CHECK(p.train.source.length(0) == 7);
  CHECK(p.source_tokenizer->decode(words(p.source, p.train.source[0])) == "the cat");
}

TEST_CASE("prepare: single lines are encoded and decoded") {
  const Prepared p = prepare(small(), {});
  CHECK(words(p.source, encode(*p.source_tokenizer, p.source, " the  cat ")) == Lines{"the", "cat"});
  CHECK(encode(*p.source_tokenizer, p.source, "").empty());
  const std::vector<TokenId> ids = {kBos, p.target.id("le"), kUnk, kPad, kEos, p.target.id("chat")};
  CHECK(words(p.target, ids) == Lines{"le", "<unk>"});
}

TEST_CASE("prepare: a length that leaves no training pair is refused") {
  CHECK_THROWS_WITH(
      prepare(small(), {.max_length = 1}),
      "data.max_length: none of the 3 training pairs has at most 1 tokens on both sides; allow longer pairs");
  CHECK_THROWS_AS(prepare(small(), {.max_length = 1}), DataError);
}

TEST_CASE("prepare: an unknown tokeniser is refused") {
  CHECK_THROWS_WITH(
      prepare(small(), {.tokenizer = {.name = "wrod"}}),
      "unknown tokenizer 'wrod'; did you mean 'word'? Known: char (code points, with ▁ for a space), sentencepiece "
      "(subwords, learned from the training text or from a .model file), sides (a tokeniser for each side), word (words "
      "between whitespace)");
}

TEST_CASE("prepare: chat_noir knows every word of its tests") {
  const Prepared p = prepare(make_chat_noir({}), {});
  CHECK(p.train.too_long == 0);
  for (const NamedDataset& test : p.tests) {
    CHECK(test.dataset.source_unknown == 0);
    CHECK(test.dataset.target_unknown == 0);
  }
}

TEST_CASE("prepare: 29000 pairs of real text are prepared in less than a second") {
  const char* folder = std::getenv("REGARD_MULTI30K");
  if (folder == nullptr) REGARD_SKIP("REGARD_MULTI30K does not name a folder with train.en and train.de");
  const std::filesystem::path at = folder;
  const std::clock_t start = std::clock();  // processor time, so that a busy machine does not matter
  Splits splits;
  splits.train = read_corpus(at / "train.en", at / "train.de", "", {});
  splits.valid = read_corpus(at / "val.en", at / "val.de", "", {});
  const Prepared p = prepare(splits, {.vocabulary = {.min_frequency = 2, .max_size = 0, .shared = false}});
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  CHECK(p.train.size() == 29000);
  CHECK(p.valid.size() == 1014);
  CHECK(seconds < 1);
  std::cout << "29000 pairs: " << seconds << " s, vocabularies " << p.source.size() << " and " << p.target.size()
            << "\n";
}

}  // namespace regard::data
