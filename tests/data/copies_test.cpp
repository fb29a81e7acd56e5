#include "framework/data/copies.h"

#include "framework/data/epoch.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using data::kEos;
using data::kUnk;

data::Vocabulary of(const std::vector<std::string>& tokens) {
  data::TokenCounts counts;
  for (const std::string& token : tokens) counts.add(token);
  return {counts, 1, 0};
}

// Pairs with these tokens; the source's vocabulary has "a", the target's "a" and "b".
data::Dataset dataset_of(const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>>& pairs) {
  data::Dataset dataset;
  const data::Vocabulary source = of({"a"});
  const data::Vocabulary target = of({"a", "b"});
  dataset.copies = std::make_shared<data::Copies>();
  dataset.copies->words = std::make_shared<data::FurtherWords>(target);
  for (const auto& [from, to] : pairs) {
    std::vector<data::TokenId> x, y;
    for (const auto& token : from) x.push_back(source.id(token));
    for (const auto& token : to) y.push_back(target.id(token));
    dataset.source.add(x);
    dataset.target.add(y);
    dataset.copies->add(from, to);
    dataset.lines.push_back(dataset.source.size() - 1);
  }
  return dataset;
}

}  // namespace

TEST_CASE("copies: words beyond the vocabulary have ids of their own") {
  data::FurtherWords words(of({"a", "b"}));
  CHECK(words.vocabulary() == 6);
  CHECK(words.id("b") == 5);
  CHECK(words.id("Kim") == 6);
  CHECK(words.id("Lee") == 7);
  CHECK(words.id("Kim") == 6);
  CHECK(words.token(5) == "b");
  CHECK(words.token(7) == "Lee");
  CHECK(internal_error([&] { static_cast<void>(words.token(8)); }) == "an id that no text of the run has");
}

TEST_CASE("copies: a batch has each sentence's own words beyond the vocabulary") {
  const auto dataset =
      dataset_of({{{"a", "Kim", "Lee", "Kim"}, {"Lee", "b", "Kim", "Ann"}}, {{"Ann", "b"}, {"Ann"}}});
  data::Batch batch;
  data::fill(dataset, std::vector<Index>{0, 1}, batch);
  // V = 6: Kim and Lee are 6 and 7 of the first sentence, Ann is 6 of the second.
  CHECK(batch.copies == std::vector<Index>{4, 6, 7, 6, kEos, 6, 5, kEos, -1, -1});
  CHECK(batch.copy_targets == std::vector<Index>{7, 5, 6, kUnk, kEos, 6, kEos, 0, 0, 0});
  CHECK(batch.further == 2);
  REQUIRE(batch.further_words.size() == 2);
  CHECK(dataset.copies->words->token(batch.further_words[0][1]) == "Lee");
  CHECK(dataset.copies->words->token(batch.further_words[1][0]) == "Ann");
  // What other attention reads is as without copies.
  CHECK(batch.target_out == std::vector<Index>{kUnk, 5, kUnk, kUnk, kEos, kUnk, kEos, 0, 0, 0});
}

TEST_CASE("copies: a training's batches have them and those of a text without have none") {
  auto dataset = dataset_of({{{"Kim"}, {"Kim"}}});
  data::Batch batch;
  data::TrainingEpoch epoch(dataset, {.sentences = 1}, 1, 0);
  epoch.fill(epoch[0], batch);
  CHECK(batch.copies == std::vector<Index>{6, kEos});
  dataset.copies = nullptr;
  data::fill(dataset, std::vector<Index>{0}, batch);
  CHECK(batch.copies.empty());
  CHECK(batch.copy_targets.empty());
  CHECK(batch.further == 0);
}

}  // namespace regard::testing
