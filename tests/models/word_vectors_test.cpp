#include "framework/models/word_vectors.h"

#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/toy.h"

namespace regard::testing {
namespace {

data::Vocabulary vocabulary_of(const std::vector<std::string>& words) {
  data::TokenCounts counts;
  for (const std::string& word : words) counts.add(word);
  return {counts, 1, 0};
}

// A width of two; rows start at -1.
struct Loaded {
  models::VectorsFound found;
  std::vector<double> rows;
};
Loaded load(const std::string& text, const std::vector<std::string>& words = {"cat", "dog", "owl"}) {
  const test::TempFolder folder;
  write_file(folder / "vectors.txt", text);
  const data::Vocabulary vocabulary = vocabulary_of(words);
  Loaded loaded;
  loaded.rows.assign(static_cast<std::size_t>(vocabulary.size() * 2), -1);
  config::Path path("vectors.txt");
  path.expanded = folder / "vectors.txt";
  loaded.found =
      models::load_word_vectors(path, vocabulary, {loaded.rows.data(), DType::f64, {vocabulary.size(), 2}});
  return loaded;
}

}  // namespace

TEST_CASE("word_vectors: rows of known words are set and others do not change") {
  for (const char* header : {"", "3 2\n"}) {
    const auto [found, rows] = load(std::string(header) + "owl 1 2.5\nbee 3 x\ncat\t-1e-3  4 \r\ncat 9 9\n");
    CHECK(found.found == 2);
    CHECK(found.words == 3);
    CHECK(rows == std::vector<double>{-1, -1, -1, -1, -1, -1, -1, -1, -1e-3, 4, -1, -1, 1, 2.5});
  }
}

TEST_CASE("word_vectors: special tokens in a file are words without a row") {
  CHECK_THROWS_WITH(load("</s> 1 2\n<unk> 1 2\n"),
                    "vectors.txt: has none of the 3 words of the vocabulary; is it of another language?");
}

TEST_CASE("word_vectors: a malformed line is named") {
  CHECK_THROWS_WITH(load("owl 1 2\ndog 1\n"), "vectors.txt:2: 'dog' has 1 numbers, but model.embedding is 2");
  CHECK_THROWS_WITH(load("dog 1 2 3\n"), "vectors.txt:1: 'dog' has 3 numbers, but model.embedding is 2");
  CHECK_THROWS_WITH(load("2 2\ndog 1 two\n"), "vectors.txt:2: number 2 of 'dog' is no finite number but 'two'");
  CHECK_THROWS_WITH(load("dog nan 2\n"), "vectors.txt:1: number 1 of 'dog' is no finite number but 'nan'");
  CHECK_THROWS_WITH(load(""),
                    "vectors.txt: has none of the 3 words of the vocabulary; is it of another language?");
}

TEST_CASE("word_vectors: a model reads the files that its options name") {
  const test::TempFolder folder;
  write_file(folder / "source.txt", "b 1 2 3 4\n");
  write_file(folder / "target.txt", "a 5 6 7 8\nb 0 0 0 0\n");
  const data::Vocabulary words = vocabulary_of({"a", "b"});
  auto options = toy_model("none");
  options.encoder.embeddings = (folder / "source.txt").string();
  options.decoder.embeddings = (folder / "target.txt").string();
  const models::Seq2Seq model(options, words.size(), words.size(), 5);
  const auto told = models::fit_to_vocabularies(options, words, words, model.params());
  REQUIRE(told.size() == 2);
  CHECK(told[0] == fmt::format("encoder: 1 of 2 words start from {}", (folder / "source.txt").string()));
  const Tensor source = model.params().find("encoder/embedding/W")->value();
  const Tensor target = model.params().find("decoder/embedding/W")->value();
  for (Index i = 0; i < 4; ++i) {
    CHECK(source.at(words.id("b") * 4 + i) == static_cast<double>(i + 1));
    CHECK(target.at(words.id("a") * 4 + i) == static_cast<double>(i + 5));
  }
  options.encoder.embeddings = (folder / "gone.txt").string();
  CHECK_THROWS_WITH(models::fit_to_vocabularies(options, words, words, model.params()),
                    (folder / "gone.txt").string() + ": cannot be read: no such file or folder");
}

TEST_CASE("word_vectors: tied embeddings of both sides need the same words") {
  auto options = toy_model("none");
  options.tied_embeddings = models::Tied::all;
  const data::Vocabulary one = vocabulary_of({"a", "b"});
  const data::Vocabulary other = vocabulary_of({"a", "c"});
  const models::Seq2Seq model(options, one.size(), one.size(), 5);
  CHECK(models::fit_to_vocabularies(options, one, one, model.params()).empty());
  CHECK_THROWS_WITH(models::fit_to_vocabularies(options, one, other, model.params()),
                    "model.tied_embeddings: 'all' needs one vocabulary for both sides, but source and target have "
                    "different words; 'target' ties the target's alone");
}

}  // namespace regard::testing
