#include "framework/data/vocabulary.h"

#include "framework/base/errors.h"
#include "tests/data/folder.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

TokenCounts count(std::initializer_list<const char*> tokens) {
  TokenCounts counts;
  for (const char* token : tokens) counts.add(token);
  return counts;
}

}  // namespace

TEST_CASE("vocabulary: ids after the four special ones are ordered by frequency and then by bytes") {
  const Vocabulary v(count({"b", "é", "a", "c", "b", "c", "Z"}), 1, 0);
  CHECK(v.to_text() == "<pad>\n<unk>\n<s>\n</s>\nb\nc\nZ\na\né\n");
  CHECK(v.size() == 9);
  CHECK(v.id("b") == 4);
  CHECK(v.id("é") == 8);
  CHECK(v.token(8) == "é");
  CHECK(v.id("d") == kUnk);
}

TEST_CASE("vocabulary: rare tokens and those beyond the size are unknown") {
  const TokenCounts counts = count({"a", "b", "b", "c", "c", "c"});
  const Vocabulary frequent(counts, 2, 0);
  CHECK(frequent.size() == 6);
  CHECK(frequent.id("a") == kUnk);
  const Vocabulary small(counts, 1, 1);
  CHECK(small.size() == 5);
  CHECK(small.id("c") == 4);
  CHECK(small.id("b") == kUnk);
}

TEST_CASE("vocabulary: text that looks like a special token does not become one") {
  const Vocabulary v(count({"</s>", "</s>", "<unk>", "a"}), 1, 0);
  CHECK(v.id("</s>") == 4);
  CHECK(v.id("<unk>") == 5);
  CHECK(v.id("<s>") == kUnk);
  CHECK(v.id("<pad>") == kUnk);
  CHECK(v.token(4) == "</s>");
  CHECK(v.token(kEos) == "</s>");
}

TEST_CASE("vocabulary: a saved vocabulary is read back with its ids") {
  const TestFolder folder;
  const Vocabulary v(count({"</s>", "le", "chat", "le", "œuf"}), 1, 0);
  CHECK(Vocabulary::load(folder.file("v", v.to_text())) == v);
  const Vocabulary windows = Vocabulary::load(folder.file("w", "\xEF\xBB\xBF<pad>\r\n<unk>\r\n<s>\r\n</s>\r\nle"));
  CHECK(windows.id("le") == 4);
  CHECK(windows.size() == 5);
  CHECK(Vocabulary::load(folder.file("e", Vocabulary().to_text())) == Vocabulary());
}

TEST_CASE("vocabulary: damaged files are refused with the line") {
  const TestFolder folder;
  const auto load = [](const std::string& file) { return Vocabulary::load(file); };
  const std::string missing = folder.at("none.vocab");
  CHECK_THROWS_WITH(load(missing), missing + ": cannot be read: no such file or folder");

  const std::string order = folder.file("order.vocab", "<pad>\n<s>\n<unk>\n</s>\n");
  CHECK_THROWS_WITH(
      load(order),
      order + ":2: a vocabulary starts with the lines <pad>, <unk>, <s>, </s>, but this line is '<s>'");
  const std::string cut = folder.file("cut.vocab", "<pad>\n<unk>\n");
  CHECK_THROWS_WITH(load(cut),
                    cut + ":3: a vocabulary starts with the lines <pad>, <unk>, <s>, </s>, but the file ends");

  const std::string specials = Vocabulary().to_text();
  const std::string twice = folder.file("twice.vocab", specials + "le\nchat\nle\n");
  CHECK_THROWS_WITH(load(twice), twice + ":7: the token 'le' is already on line 5; a token may occur only once");
  const std::string two = folder.file("two.vocab", specials + "le chat\n");
  CHECK_THROWS_WITH(load(two),
                    two + ":5: a vocabulary has one token a line, without whitespace, but this line is 'le chat'");
  const std::string hole = folder.file("hole.vocab", specials + "\nchat\n");
  CHECK_THROWS_WITH(load(hole),
                    hole + ":5: a vocabulary has one token a line, without whitespace, but this line is ''");
  const std::string latin = folder.file("latin.vocab", specials + "\xE9t\xE9\n");
  CHECK_THROWS_WITH(load(latin), latin +
                                     ":5: byte 1 of the line (0xE9) is not valid UTF-8; convert the file, for "
                                     "example with iconv -f latin1 -t utf-8");
}

TEST_CASE("vocabulary: an id out of range is an internal error") {
  CHECK_THROWS_AS(Vocabulary().token(4), InternalError);
  CHECK_THROWS_AS(Vocabulary().token(-1), InternalError);
}

}  // namespace regard::data
