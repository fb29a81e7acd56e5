#include "framework/evaluation/buckets.h"

#include <fmt/format.h>
#include <cmath>

#include "framework/base/errors.h"
#include "framework/evaluation/bleu.h"
#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("buckets: a fixed bound belongs to the bucket below it and empty buckets are kept") {
  const std::vector<double> values = {5, 10, 11, 40, 3};
  const std::vector<Bucket> buckets = fixed_buckets(values, std::vector<double>{10, 20, 30});
  REQUIRE(buckets.size() == 4);
  CHECK(buckets[0].segments == std::vector<Index>{0, 1, 4});
  CHECK(buckets[1].segments == std::vector<Index>{2});
  CHECK(buckets[2].segments.empty());
  CHECK(buckets[3].segments == std::vector<Index>{3});
  CHECK(std::isinf(buckets[0].from));
  CHECK(buckets[1].from == 10);
  CHECK(buckets[1].to == 20);
  CHECK_THROWS_AS(fixed_buckets(values, std::vector<double>{10, 10}), InternalError);
}

TEST_CASE("buckets: buckets of equal counts keep equal values together") {
  const std::vector<double> values = {1, 2, 2, 2, 3, 4};
  const std::vector<Bucket> buckets = equal_buckets(values, 3);
  REQUIRE(buckets.size() == 3);
  CHECK(buckets[0].segments == std::vector<Index>{0, 1, 2, 3});
  CHECK(buckets[1].segments == std::vector<Index>{4});
  CHECK(buckets[2].segments == std::vector<Index>{5});
  CHECK(buckets[0].from == 1);
  CHECK(buckets[0].to == 2);
  CHECK(equal_buckets(std::vector<double>{7, 7, 7}, 3).size() == 1);
  CHECK(equal_buckets({}, 3).empty());
  std::vector<double> many(100);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<double>(100 - i);
  for (const Bucket& bucket : equal_buckets(many, 4)) CHECK(bucket.segments.size() == 25);
}

TEST_CASE("buckets: the score of a bucket is that of its segments and is in its interval") {
  Lines hypotheses;
  Lines references;
  for (int i = 0; i < 60; ++i) {
    references.push_back(fmt::format("the cat number {} sat on mat {} today", i, i % 7));
    hypotheses.push_back(fmt::format("the cat number {} sat on mat {}{}", i, i % 5, i % 2 == 0 ? " today" : ""));
  }
  const Bleu bleu;
  const Statistics first = bleu.statistics(hypotheses, {references});
  const Statistics second = bleu.statistics(references, {references});
  const Runs runs = {&first, &second};
  const std::vector<Bucket> buckets = fixed_buckets(word_counts(hypotheses), std::vector<double>{8, 100});
  const std::vector<BucketScore> scores = bucket_scores(bleu, runs, buckets, {.samples = 200});
  REQUIRE(scores.size() == 3);
  CHECK(scores[0].segments == 30);
  CHECK(scores[2].segments == 0);
  CHECK(scores[2].score == 0.0);
  Lines odd_hypotheses;
  Lines odd_references;
  for (std::size_t i = 1; i < hypotheses.size(); i += 2) {
    odd_hypotheses.push_back(hypotheses[i]);
    odd_references.push_back(references[i]);
  }
  CHECK(scores[0].score == Approx((corpus_bleu(odd_hypotheses, {odd_references}).score + 100.0) / 2));
  CHECK(scores[0].low < scores[0].score);
  CHECK(scores[0].high > scores[0].score);
}

TEST_CASE("buckets: length is the number of words between Unicode white space") {
  CHECK(word_counts({"a b\u00A0c", "", " \u3000 "}) == std::vector<double>{3, 0, 0});
}

}  // namespace regard::evaluation
