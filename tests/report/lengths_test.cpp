#include "framework/report/lengths.h"

#include "framework/evaluation/bleu.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

TestSet lengths(const std::vector<int>& of) {
  TestSet test;
  test.name = "test";
  for (const int length : of) {
    std::string line = "w";
    for (int i = 1; i < length; ++i) line += " w";
    test.source.push_back(line);
    test.source_tokens.push_back(line);
  }
  test.target.assign(of.size(), "the black cat sees the white dog .");
  return test;
}

}  // namespace

TEST_CASE("lengths: buckets are of about equal count and never split a length") {
  const auto buckets = bleu_by_length(lengths({1, 9, 2, 2, 2, 2, 5, 5, 6, 7, 8, 3}), {}, "none", {}, 3);
  REQUIRE(buckets.size() == 3);
  CHECK(buckets[0].shortest == 1);
  CHECK(buckets[0].longest == 2);
  CHECK(buckets[0].sentences == 5);
  CHECK(buckets[0].mean_length == Approx(9.0 / 5));
  CHECK(buckets[1].shortest == 3);
  CHECK(buckets[1].longest == 5);
  CHECK(buckets[1].sentences == 3);
  CHECK(buckets[2].shortest == 6);
  CHECK(buckets[2].longest == 9);
  CHECK(bleu_by_length(lengths({4, 4, 4}), {}, "none", {}, 3).size() == 1);
  CHECK(bleu_by_length(lengths({}), {}, "none", {}, 3).empty());
}

TEST_CASE("lengths: a bucket's score is BLEU of its sentences alone") {
  const TestSet test = lengths({2, 9, 2, 9});
  Run run;
  run.hypotheses["test"] = {"the black cat sees the white dog .", "x", "the black cat sees a white dog .", "x"};
  SystemSummary system;
  system.finished = {&run};
  const auto buckets = bleu_by_length(test, {system}, "13a", bleu_statistics(test, {system}, "13a"), 2);
  REQUIRE(buckets.size() == 2);
  const double expected = evaluation::corpus_bleu({run.hypotheses["test"][0], run.hypotheses["test"][2]},
                                                  {{test.target[0], test.target[2]}})
                              .score;
  CHECK(buckets[0].bleu[0].mean == Approx(expected).epsilon(1e-12));
  CHECK(buckets[0].bleu[0].n == 1);
  CHECK(buckets[1].bleu[0].mean == 0);
}

}  // namespace regard::report
