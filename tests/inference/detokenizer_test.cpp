#include "framework/inference/detokenizer.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::inference {
namespace {

using Words = std::vector<std::string>;

// Joins tokens with '+', so that it shows who put them together.
class Plus final : public data::Tokenizer {
 public:
  void for_each_token(std::string_view line, const std::function<void(std::string_view)>& token) const override {
    data::for_each_word(line, token);
  }
  std::string decode(std::span<const std::string> tokens) const override {
    return fmt::format("{}", fmt::join(tokens, "+"));
  }
};

// <unk> "le", with most attention on the second of two source words and </s>.
decoding::Translation unsure() { return {.words = {data::kUnk, 4}, .weights = {2, 3, {0.2, 0.7, 0.1, 1, 0, 0}}}; }

struct Made {
  data::Vocabulary vocabulary;
  std::shared_ptr<const data::Tokenizer> tokenizer = std::make_shared<Plus>();
  Made() {
    data::TokenCounts counts;
    counts.add("le");
    vocabulary = data::Vocabulary(counts, 1, 0);
  }
  [[nodiscard]] Detokenizer with(const decoding::SearchOptions& options) const {
    return {tokenizer, vocabulary, options};
  }
};

}  // namespace

TEST_CASE("detokenizer: tokens are the vocabulary's and the line is the tokeniser's") {
  const Made made;
  const Detokenizer detokenizer = made.with({});
  CHECK_FALSE(detokenizer.replaces());
  CHECK(detokenizer.tokens(unsure()) == Words{"<unk>", "le"});
  CHECK(detokenizer.written(unsure(), {"Zoe", "dort"}) == Words{"<unk>", "le"});
  CHECK(detokenizer.line(Words{"un", "chat"}) == "un+chat");
  CHECK(detokenizer.line(Words{}).empty());
}

TEST_CASE("detokenizer: an unknown word is the source's or the dictionary's where the options say so") {
  const Made made;
  const Detokenizer copies = made.with({.replace_unknown = true});
  CHECK(copies.replaces());
  CHECK(copies.written(unsure(), {"Zoe", "dort"}) == Words{"dort", "le"});
  CHECK(copies.tokens(unsure()) == Words{"<unk>", "le"});
  const test::TempFolder folder;
  write_file(folder / "d", "dort il dort\n");
  const Detokenizer translates =
      made.with({.replace_unknown = true, .dictionary = config::Path((folder / "d").string())});
  CHECK(translates.written(unsure(), {"Zoe", "dort"}) == Words{"il dort", "le"});
}

TEST_CASE("detokenizer: a dictionary that cannot be used is refused at once") {
  const Made made;
  const test::TempFolder folder;
  CHECK_THROWS_WITH(made.with({.dictionary = config::Path((folder / "none").string())}),
                    (folder / "none").string() + ": cannot be read: no such file or folder");
}

TEST_CASE("detokenizer: entries of an n-best list have Moses' form") {
  CHECK(score_text(-0.3125, -1.25) == "score: -0.3125 log_p: -1.25");
  CHECK(score_text(-1.0 / 3, -1234567.8) == "score: -0.333333 log_p: -1.23457e+06");
  CHECK(nbest_entry(7, "le chat", -0.5, -2) == "7 ||| le chat ||| score: -0.5 log_p: -2");
}

}  // namespace regard::inference
