#include "framework/data/dataset.h"

#include "tests/support/catch.h"

namespace regard::data {

TEST_CASE("dataset: sentences are returned as added and empty ones are kept") {
  Sentences sentences;
  CHECK(sentences.size() == 0);
  sentences.add(std::vector<TokenId>{5, 6, 7});
  sentences.add({});
  sentences.add(std::vector<TokenId>{9});
  CHECK(sentences.size() == 3);
  CHECK(sentences.tokens() == 4);
  CHECK(sentences.length(1) == 0);
  CHECK(sentences[1].empty());
  CHECK(std::vector<TokenId>(sentences[0].begin(), sentences[0].end()) == std::vector<TokenId>{5, 6, 7});
  CHECK(sentences[2][0] == 9);
}

}  // namespace regard::data
