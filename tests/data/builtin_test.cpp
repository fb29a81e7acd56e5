#include "framework/data/builtin.h"

#include "framework/base/errors.h"
#include "framework/data/corpora/chat_noir.h"
#include "tests/support/catch.h"

namespace regard::data {

TEST_CASE("builtin: the corpora are the files of their folder") {
  CHECK(builtin_corpora().names() == std::vector<std::string>{"chat_noir", "copy", "reverse"});
}

TEST_CASE("builtin: every corpus works with its defaults and is named and synthetic and aligned") {
  for (const BuiltinCorpus* corpus : builtin_corpora().entries()) {
    INFO(corpus->name);
    const Splits splits = corpus->make(config::defaults(corpus->options));
    CHECK(splits.name == corpus->name);
    CHECK(splits.synthetic);
    CHECK(splits.description.find("(synthetic)") != std::string::npos);
    CHECK(corpus->summary.find("(synthetic)") != std::string::npos);
    CHECK(splits.train.gold.size() == splits.train.source.size());
    CHECK(splits.train.target.size() == splits.train.source.size());
    REQUIRE(splits.tests.size() == 2);
    CHECK(splits.tests[0].name == "test");
    CHECK(splits.tests[1].name == "test_long");
  }
}

TEST_CASE("builtin: options are passed to the corpus") {
  const BuiltinCorpus& corpus = builtin_corpora().at("chat_noir");
  config::Options options = config::defaults(corpus.options);
  options.put("train", {Index{20}});
  options.put("seed", {Index{4}});
  const Splits splits = corpus.make(options);
  CHECK(splits.train.size() == 20);
  CHECK(splits.train.source == make_chat_noir({.seed = 4, .train = 20}).train.source);
}

TEST_CASE("builtin: the error of an unknown corpus lists the known ones and the nearest") {
  CHECK_THROWS_WITH(
      builtin_corpora().at("chatnoir"),
      "unknown corpus 'chatnoir'; did you mean 'chat_noir'? Known: chat_noir (English to French sentences "
      "from a grammar (synthetic), with gold alignments), copy (rows of random symbols, to be repeated "
      "(synthetic)), reverse (rows of random symbols, to be written backwards (synthetic))");
}

}  // namespace regard::data
