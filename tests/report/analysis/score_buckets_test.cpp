#include "framework/report/analysis/score_buckets.h"

#include <cmath>

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/chrf.h"
#include "framework/report/tables/tables.h"
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
  test.target_tokens = test.target;
  return test;
}

std::vector<ScoreBucket> by_length(const std::vector<int>& of, const std::vector<double>& bounds = {}) {
  Results results;
  results.plan.length_buckets = bounds;
  const std::vector<BucketSet> sets = cut(results, lengths(of), {}, "none", {});
  return sets.empty() ? std::vector<ScoreBucket>() : sets.front().buckets;
}

std::vector<std::string> ranges(const std::vector<ScoreBucket>& buckets) {
  std::vector<std::string> out;
  for (const ScoreBucket& bucket : buckets) out.push_back(range_text(Property::source_length, bucket));
  return out;
}

}  // namespace

TEST_CASE("score buckets: they have about equal counts and never split a length") {
  const auto buckets = by_length({1, 9, 2, 2, 2, 2, 5, 5, 6, 7, 8, 8, 7, 9, 3, 3});
  CHECK(ranges(buckets) == std::vector<std::string>{"1–2", "3", "5", "6–7", "8", "9"});
  CHECK(buckets[0].sentences == 5);
  CHECK(buckets[0].mean == Approx(9.0 / 5));
  CHECK(by_length({4, 4, 4}).size() == 1);
  CHECK(by_length({}).empty());
}

TEST_CASE("score buckets: a fixed bound belongs to the bucket below it and empty buckets are kept") {
  const auto buckets = by_length({1, 9, 2, 10, 11, 35}, {10, 20, 30});
  CHECK(ranges(buckets) == std::vector<std::string>{"up to 10", "11–20", "21–30", "31 and more"});
  CHECK(buckets[0].sentences == 4);
  CHECK(buckets[1].sentences == 1);
  CHECK(buckets[2].sentences == 0);
  CHECK(std::isnan(buckets[2].mean));
}

TEST_CASE("score buckets: the score is that of the bucket's sentences only") {
  const TestSet test = lengths({2, 9, 2, 9});
  Run run;
  run.hypotheses["test"] = {"the black cat sees the white dog .", "x", "the black cat sees a white dog .", "x"};
  SystemSummary system;
  system.finished = {&run};
  const auto sets = cut({}, test, {system}, "13a", bleu_statistics(test, {system}, "13a"));
  REQUIRE(sets.size() == 1);
  REQUIRE(sets[0].buckets.size() == 2);
  const evaluation::Lines own{run.hypotheses["test"][0], run.hypotheses["test"][2]};
  const evaluation::Lines references{test.target[0], test.target[2]};
  CHECK(sets[0].buckets[0].bleu[0].mean ==
        Approx(evaluation::corpus_bleu(own, {references}).score).epsilon(1e-12));
  const evaluation::Chrf chrf;
  CHECK(sets[0].buckets[0].chrf[0].mean ==
        Approx(chrf.score(chrf.statistics(own, {references}).sum())).epsilon(1e-12));
  CHECK(sets[0].buckets[0].bleu[0].n == 1);
  CHECK(sets[0].buckets[1].bleu[0].mean == 0);
}

TEST_CASE("score buckets: the rarest word is the last in the vocabulary and unknown words come after it") {
  Results results;
  results.target_vocabulary = {".", "the", "cat", "dog"};
  TestSet test;
  test.target_tokens = {"the cat .", ". .", "the ocelot .", ""};
  CHECK(values_of(Property::rarest_word, results, test) == std::vector<double>{3, 1, 5, 0});
  CHECK(values_of(Property::rarest_word, {}, test).empty());
}

TEST_CASE("score buckets: word order is the share of crossing gold links and is left out if it never differs") {
  TestSet test = lengths({2, 2});
  test.alignment = {evaluation::parse_alignment("0-0 1-1", "here"),
                    evaluation::parse_alignment("0-1 1-0", "here")};
  CHECK(values_of(Property::word_order, {}, test) == std::vector<double>{0, 100});
  CHECK(cut({}, test, {}, "none", {}).size() == 2);
  test.alignment[1] = test.alignment[0];
  CHECK(cut({}, test, {}, "none", {}).size() == 1);
}

TEST_CASE("score buckets: their table has a row for each system and the number of sentences in a bucket") {
  Analysis analysis;
  analysis.systems.resize(2);
  analysis.systems[0].name = "vanilla";
  analysis.systems[1].name = "dot";
  BucketSet set{Property::source_length, {}};
  set.buckets.push_back({1, 5, false, 12, 3, {{10, 1, 3}, {20, 1, 3}}, {{9, 11}, {18, 22.5}}, {}, {}});
  set.buckets.push_back({6, 9, false, 7, 8, {{30, 1, 3}, {}}, {{28, 31}, {0, 0}}, {}, {}});
  const Table table = bucket_table(analysis, "test", set, BucketMetric::bleu);
  CHECK(to_terminal(table).starts_with("system           1–5 (n 12)           6–9 (n 7)\n"));
  CHECK(to_terminal(table).find("\nvanilla    10.0 [9.0, 11.0]   30.0 [28.0, 31.0]\n") != std::string::npos);
  CHECK(to_terminal(table).find("\ndot       20.0 [18.0, 22.5]                   –\n") != std::string::npos);
}

TEST_CASE("score buckets: source length counts the words of the text and not the tokens of the model") {
  TestSet test = lengths({2, 5});
  test.source_tokens = {"_w w _w w", "w w w w w w w w w w"};  // as split by a SentencePiece or character model
  CHECK(values_of(Property::source_length, {}, test) == std::vector<double>{2, 5});
  CHECK(cut({}, test, {}, "none", {}).front().unit == "words");
}

TEST_CASE("score buckets: source length counts characters if the source has no spaces") {
  TestSet test = lengths({1, 1});
  test.source = {"我喜欢猫", "黑猫看见白狗"};
  CHECK(values_of(Property::source_length, {}, test) == std::vector<double>{4, 6});
  CHECK(cut({}, test, {}, "none", {}).front().unit == "characters");
}

}  // namespace regard::report
