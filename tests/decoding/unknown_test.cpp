#include "framework/decoding/unknown.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::testing {
namespace {

using decoding::Dictionary;
using decoding::Translation;
using Words = std::vector<std::string>;

// Three words, the first and the last unknown; two source words and </s>.
Translation unsure() {
  return {.words = {data::kUnk, 7, data::kUnk},
          .weights = {4, 3, {0.1, 0.2, 0.7, 1, 0, 0, 0.4, 0.4, 0.2, 0, 0, 1}}};
}

std::string refusal(const std::string& text) {
  const test::TempFolder folder;
  write_file(folder / "d", text);
  try {
    static_cast<void>(Dictionary::load(folder / "d"));
  } catch (const DataError& error) {
    return std::string(error.what()).substr(folder.path().string().size() + 1);
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("unknown: the source word with most weight is copied and the end is not a word") {
  Words tokens{"<unk>", "b", "<unk>"};
  decoding::replace_unknown(unsure(), {"x", "y"}, {}, tokens);
  CHECK(tokens == Words{"y", "b", "x"});  // the first of equal weights
}

TEST_CASE("unknown: a dictionary gives the written word and words that it lacks are copied") {
  const test::TempFolder folder;
  write_file(folder / "d", "y the  word\nz zett\ny other\n");
  const Dictionary dictionary = Dictionary::load(folder / "d");
  Words tokens{"<unk>", "b", "<unk>"};
  decoding::replace_unknown(unsure(), {"x", "y"}, dictionary, tokens);
  CHECK(tokens == Words{"the word", "b", "x"});
  CHECK(dictionary("z") == "zett");
}

TEST_CASE("unknown: without attention or source words nothing changes") {
  Translation translation = unsure();
  Words tokens{"<unk>", "b", "<unk>"};
  decoding::replace_unknown(translation, {}, {}, tokens);
  CHECK(tokens == Words{"<unk>", "b", "<unk>"});
  translation.weights = {};
  decoding::replace_unknown(translation, {"x", "y"}, {}, tokens);
  CHECK(tokens == Words{"<unk>", "b", "<unk>"});
}

TEST_CASE("unknown: a word of the text that is spelled like <unk> is not unknown") {
  Translation translation = unsure();
  translation.words = {7, 8, 9};
  Words tokens{"<unk>", "b", "c"};
  decoding::replace_unknown(translation, {"x", "y"}, {}, tokens);
  CHECK(tokens == Words{"<unk>", "b", "c"});
}

TEST_CASE("unknown: a line without a translation is refused by its number") {
  CHECK(refusal("a b\nc\n") == "d:2: expected a word and its translation, separated by white space, got \"c\"");
  CHECK(refusal("a b\n\n") == "d:2: expected a word and its translation, separated by white space, got \"\"");
  CHECK(refusal("") == "d: the file is empty; it needs one sentence a line");
}

}  // namespace regard::testing
