#include "framework/inference/word_alignment.h"

#include "tests/support/catch.h"

namespace regard::inference {

// Two source tokens of one word and one of another, and </s>; two target words, of which the second has two
// tokens.
const WeightMatrix kWeights{4, 4, {0.1, 0.2, 0.6, 0.1, 0.5, 0.4, 0.1, 0, 0.3, 0.2, 0.5, 0, 0, 0, 0, 1}};
const Tokenised kSource{"black cat", {"▁bl", "ack", "▁cat"}};
const Tokenised kTarget{"chat noir", {"▁chat", "▁no", "ir"}};

TEST_CASE("word alignment: weights of subwords become those of words") {
  const auto words = word_weights(kWeights, kSource, kTarget);
  REQUIRE(words);
  CHECK(words->targets == 2);
  CHECK(words->sources == 2);
  const std::vector<double> expected{0.3, 0.6, 0.7, 0.3};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(words->values[i] == Approx(expected[i]));
  CHECK(hard_pharaoh(*words) == "0-1 1-0");
  CHECK(soft_pharaoh(*words) == "0-0:0.30 1-0:0.60 0-1:0.70 1-1:0.30");
}

TEST_CASE("word alignment: a translation that was cut off has no row for </s>") {
  WeightMatrix cut = kWeights;
  cut.targets = 3;
  cut.values.resize(12);
  REQUIRE(word_weights(cut, kSource, kTarget));
  CHECK(hard_pharaoh(*word_weights(cut, kSource, kTarget)) == "0-1 1-0");
}

TEST_CASE("word alignment: soft links with very small weights are left out") {
  CHECK(soft_pharaoh({1, 3, {0.0049, 0.99, 0.0051}}) == "1-0:0.99 2-0:0.01");
  CHECK(soft_pharaoh({0, 3, {}}).empty());
  CHECK(hard_pharaoh({0, 3, {}}).empty());
}

TEST_CASE("word alignment: tokens that do not match the line have no alignment") {
  CHECK_FALSE(word_weights(kWeights, {"a white cat sleeps", {"▁bl", "ack", "▁cat"}}, kTarget));
  CHECK_FALSE(word_weights(kWeights, kSource, {"chat", {"▁chat", "▁no", "ir"}}));
  // Tokens of another sentence than that of the weights have none either.
  CHECK_FALSE(word_weights(kWeights, {"cat", {"▁cat"}}, kTarget));
}

}  // namespace regard::inference
