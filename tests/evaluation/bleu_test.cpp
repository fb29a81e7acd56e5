#include "framework/evaluation/bleu.h"

#include <string>

#include <fmt/format.h>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

// Scores of sacreBLEU 2.6.0 itself.
const Lines golden_hypotheses = {"Ein Mann, der auf einem 3.5-Meter-Brett steht.", "Zwei Hunde laufen", "", "a b"};
const std::vector<Lines> golden_references = {
    {"Ein Mann steht auf einem 3,5-Meter-Brett.", "Zwei Hunde rennen durch den Schnee.", "Leer.", "a b c"}};

Approx exactly(double value) { return Approx(value).epsilon(1e-14).margin(1e-14); }

}  // namespace

TEST_CASE("bleu: the golden corpus has sacreBLEU's score") {
  const BleuScore score = corpus_bleu(golden_hypotheses, golden_references);
  CHECK(score.score == exactly(10.660067625038913));
  CHECK(score.correct == std::array<double, 4>{12, 5, 0, 0});
  CHECK(score.total == std::array<double, 4>{16, 13, 10, 8});
  CHECK(score.precisions[0] == exactly(75.0));
  CHECK(score.precisions[2] == exactly(5.0));
  CHECK(score.precisions[3] == exactly(3.125));
  CHECK(score.hyp_len == 16);
  CHECK(score.ref_len == 21);
  CHECK(corpus_bleu(golden_hypotheses, golden_references, {.tokenizer = Tokenizer::none}).score ==
        exactly(12.782292469176644));
}

TEST_CASE("bleu: the details and the signature are written as by sacreBLEU") {
  const Bleu bleu;
  const Statistics statistics = bleu.statistics(golden_hypotheses, golden_references);
  CHECK(bleu.verbose(statistics.sum()) ==
        "75.0/38.5/5.0/3.1 (BP = 0.732 ratio = 0.762 hyp_len = 16 ref_len = 21)");
  CHECK(bleu.signature(1).text() == "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:" + evaluator_version());
  CHECK(bleu.signature(1).short_text() == "#:1|c:mixed|e:no|tok:13a|s:exp|v:" + evaluator_version());
  CHECK(evaluator_version().starts_with("regard-"));
  const Bleu other({.tokenizer = Tokenizer::chars, .lowercase = true, .smoothing = Smoothing::add_k});
  CHECK(other.signature(2).text().starts_with("nrefs:2|case:lc|eff:no|tok:char|smooth:add-k[1.00]|version:"));
  const Bleu floored({.smoothing = Smoothing::floor});
  CHECK(floored.signature(2).text().find("smooth:floor[0.10]") != std::string::npos);
}

TEST_CASE("bleu: the sentences of the golden corpus have sacreBLEU's scores") {
  const std::vector<BleuScore> scores = sentence_bleu(golden_hypotheses, golden_references);
  REQUIRE(scores.size() == 4);
  CHECK(scores[0].score == exactly(13.950796967929131));
  CHECK(scores[1].score == exactly(14.506309551249304));
  CHECK(scores[2].score == 0.0);
  CHECK(scores[3].score == exactly(60.653065971263366));
}

TEST_CASE("bleu: two references give the score in the README of sacreBLEU") {
  const std::vector<Lines> references = {
      {"The dog bit the man.", "It was not unexpected.", "The man bit him first."},
      {"The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."}};
  const Lines hypotheses = {"The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."};
  CHECK(corpus_bleu(hypotheses, references).score == Approx(48.530827).epsilon(1e-8));
  CHECK(corpus_bleu(hypotheses, references, {.tokenizer = Tokenizer::none}).score ==
        Approx(49.1919566).epsilon(1e-8));
}

TEST_CASE("bleu: the count of an n-gram is limited by the reference that has it most often") {
  const BleuScore score =
      corpus_bleu({"the the the the"}, {{"the cat the"}, {"the the the cat sat"}}, {.tokenizer = Tokenizer::none});
  CHECK(score.correct == std::array<double, 4>{3, 2, 1, 0});
}

TEST_CASE("bleu: of two references with equally distant lengths the shorter one counts") {
  CHECK(corpus_bleu({"a b c"}, {{"a b c d"}, {"a b"}}).ref_len == 2);
  CHECK(corpus_bleu({"a b c"}, {{"a b"}, {"a b c d"}}).ref_len == 2);
}

TEST_CASE("bleu: an empty reference line is a reference of no words as in sacreBLEU") {
  const std::vector<Lines> references = {{"a b", "c"}, {"", "c d"}};
  CHECK(Bleu().signature(references.size()).text().starts_with("nrefs:2|"));
  CHECK(corpus_bleu({"a b", "c"}, references).ref_len == 3);
  CHECK(corpus_bleu({"a", "c"}, references).ref_len == 1);  // of equally distant lengths the shorter: 0
  const BleuScore alone =
      corpus_bleu({"a b c d", "x"}, {{"a b c d", " \xC2\xA0"}}, {.tokenizer = Tokenizer::none});
  CHECK(alone.hyp_len == 5);
  CHECK(alone.ref_len == 4);
  CHECK(alone.bp == 1.0);
  CHECK(corpus_bleu({"a"}, {{""}}).score == 0.0);
}

TEST_CASE("bleu: no match or no words give zero") {
  CHECK(corpus_bleu({"x"}, {{"y"}}).score == 0.0);
  const BleuScore silent = corpus_bleu({""}, {{"y"}});
  CHECK(silent.score == 0.0);
  CHECK(silent.bp == 0.0);
  CHECK(silent.ratio() == 0.0);
}

TEST_CASE("bleu: input that cannot be scored is refused with one sentence") {
  CHECK_THROWS_WITH(corpus_bleu({"a", "b"}, {{"a"}}),
                    "evaluation: 2 hypotheses but 1 lines in reference 1; line N is scored against line N");
  CHECK_THROWS_WITH(corpus_bleu({}, {{}}), "evaluation: there is no hypothesis to score");
  CHECK_THROWS_WITH(corpus_bleu({"a"}, {}), "evaluation: there is no reference to score against");
  CHECK_THROWS_AS(corpus_bleu({}, {{}}), DataError);
  CHECK_THROWS_WITH(smoothing_named("add"),
                    "smoothing 'add' is unknown; the known ones are exp, floor, add-k and none");
}

TEST_CASE("bleu: the statistics are the same for any number of threads") {
  Lines hypotheses;
  Lines references;
  for (int i = 0; i < 2000; ++i) {
    hypotheses.push_back(fmt::format("w{} and w{}.", i % 7, i % 3));
    references.push_back(fmt::format("w{} and w{}.", i % 5, i % 4));
  }
  const int before = threads();
  set_threads(1);
  const Statistics one = Bleu().statistics(hypotheses, {references});
  set_threads(3);
  const Statistics three = Bleu().statistics(hypotheses, {references});
  set_threads(before);
  CHECK(one.values == three.values);
}

TEST_CASE("metric: a hundred lines that end in a separate period look tokenised") {
  Lines lines(99, "a b .");
  lines.emplace_back("a b.");
  CHECK_FALSE(looks_tokenized(lines));
  lines.emplace_back("a b . ");
  CHECK(looks_tokenized(lines));
}

}  // namespace regard::evaluation
