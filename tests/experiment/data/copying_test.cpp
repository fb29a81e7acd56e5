#include "framework/experiment/data/copying.h"

#include "framework/data/copies.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

Corpora corpora_of(const std::string& attention, const std::string& data = "") {
  const Plan plan = make_plan(config::parse_yaml(
      "name: c\ndata: {corpus: {type: copy, train: 30, valid: 4, test: 4, test_long: 2}, vocabulary: {max_size: 6}" +
          data + "}\nsystems: {a: {model.attention: " + attention + "}}\n",
      "p.yaml"));
  return load_corpora(plan, runs::RunFolder{"no-such-folder"});
}

}  // namespace

TEST_CASE("copying: only the text of a plan that copies has copies") {
  const Corpora plain = corpora_of("general");
  CHECK(plain.prepared.train.copies == nullptr);
  CHECK(plain.prepared.valid.copies == nullptr);
  const Corpora copied = corpora_of("pointer");
  const data::FurtherWords* const words = data::further_words(copied.prepared.train);
  REQUIRE(words != nullptr);
  CHECK(data::further_words(copied.prepared.valid) == words);
  for (const auto& [name, dataset] : copied.prepared.tests) CHECK(data::further_words(dataset) == words);
}

TEST_CASE("copying: every token of the text has an id that names it, in the vocabulary or beyond") {
  const Corpora corpora = corpora_of("pointer");
  const data::Prepared& prepared = corpora.prepared;
  const auto check_side = [&](const data::Corpus& corpus, const data::Dataset& dataset) {
    REQUIRE(dataset.copies->source.size() == dataset.size());
    for (Index i = 0; i < dataset.size(); ++i) {
      const auto tokens = prepared.source_tokenizer->encode(corpus.source[static_cast<std::size_t>(i)]);
      const auto ids = dataset.copies->source[i];
      REQUIRE(ids.size() == tokens.size());
      for (std::size_t t = 0; t < tokens.size(); ++t) CHECK(dataset.copies->words->token(ids[t]) == tokens[t]);
    }
  };
  check_side(corpora.splits.valid, prepared.valid);
  for (std::size_t i = 0; i < prepared.tests.size(); ++i)
    check_side(corpora.splits.tests[i].corpus, prepared.tests[i].dataset);
  bool beyond = false;
  for (Index i = 0; i < prepared.train.size(); ++i) {
    for (const data::TokenId id : prepared.train.copies->source[i])
      beyond = beyond || id >= static_cast<data::TokenId>(prepared.target.size());
  }
  CHECK(beyond);
}

TEST_CASE("copying: a tokeniser that draws among several encodings is refused") {
  CHECK_THROWS_WITH(
      corpora_of("pointer", ", tokenizer: {type: sentencepiece, algorithm: unigram, size: 20, nbest: 4}"),
      "data.tokenizer: it draws one of several encodings of a sentence, and an attention that copies needs "
      "one only; set its nbest to 1");
}

}  // namespace regard::experiment
