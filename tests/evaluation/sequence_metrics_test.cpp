#include "framework/evaluation/sequence_metrics.h"

#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

double score(const Metric& metric, const Lines& hypotheses, const std::vector<Lines>& references) {
  return metric.score(metric.statistics(hypotheses, references).sum());
}

const ErrorRate kWer("WER", Unit::word);
const ErrorRate kCer("CER", Unit::character);
const ErrorRate kDistance("EditDist", Unit::character, true);

}  // namespace

TEST_CASE("sequence metrics: a line is right as a whole, whatever white space is between its words") {
  const ExactMatch match;
  CHECK(score(match, {"I_JUMP I_JUMP", "I_RUN", "a  b ", ""}, {{"I_JUMP I_JUMP", "I_JUMP", "a b", ""}}) == 75);
  CHECK(score(match, {"ab"}, {{"a b"}}) == 0);
  CHECK(score(match, {"B"}, {{"b"}}) == 0);
  CHECK(score(match, {"b"}, {{"a"}, {"b"}}) == 100);
  CHECK(match.verbose(match.statistics({"a", "b"}, {{"a", "c"}}).sum()) == "(1 of 2)");
}

TEST_CASE("sequence metrics: token accuracy compares words at the same position") {
  const TokenAccuracy accuracy;
  CHECK(score(accuracy, {"a b c d"}, {{"a x c"}}) == Approx(100.0 * 2 / 3));
  CHECK(score(accuracy, {"b c", "x"}, {{"a b c", "x"}}) ==
        Approx(100.0 * 1 / 4));  // one missing word shifts the rest
  CHECK(score(accuracy, {"a b"}, {{"x y z"}, {"a y"}}) == Approx(50));
  CHECK(score(accuracy, {""}, {{""}}) == 100);
}

TEST_CASE("sequence metrics: word and phone error rates count insertions, deletions and substitutions") {
  // the cat sat -> the cat (1 deleted); a b -> x a b c (2 inserted); d e -> d f (1 substituted)
  CHECK(score(kWer, {"the cat", "x a b c", "d f"}, {{"the cat sat", "a b", "d e"}}) == Approx(100.0 * 4 / 7));
  CHECK(score(kWer, {"a b c d"}, {{"x"}}) == 400);
  CHECK(score(kWer, {"b a"}, {{"a b"}}) == 100);  // no shifts, unlike TER
  CHECK(score(ErrorRate("PER", Unit::word), {"k æ t"}, {{"k æ p"}}) == Approx(100.0 / 3));
  CHECK(score(kWer, {"a", "b"}, {{"", "b"}}) == 100);
  CHECK(score(kWer, {""}, {{""}}) == 0);
  CHECK(score(kWer, {"a"}, {{""}}) == 100);
}

TEST_CASE("sequence metrics: character error rate and mean edit distance count code points and one space") {
  CHECK(score(kCer, {"gieng"}, {{"ging"}}) == 25);
  CHECK(score(kCer, {"setzten  ab"}, {{"setzte ab"}}) == Approx(100.0 / 9));
  CHECK(score(kCer, {"où"}, {{"ou"}}) == 50);
  CHECK(score(kDistance, {"gieng", "kitten"}, {{"ging", "sitting"}}) == 2);
  CHECK(score(kDistance, {"a"}, {{"a"}}) == 0);
}

TEST_CASE("sequence metrics: with several references the nearest one counts, with its length") {
  CHECK(score(kWer, {"a b c"}, {{"a b"}, {"a b c d"}}) == Approx(50));  // one edit for both: the first
  CHECK(score(kWer, {"a b c"}, {{"x y"}, {"a b c d"}}) == Approx(25));
}

TEST_CASE("sequence metrics: signatures name the unit") {
  CHECK(ExactMatch().signature(1).text().starts_with("nrefs:1|case:mixed|unit:line|version:"));
  CHECK(kWer.signature(2).text().starts_with("nrefs:2|case:mixed|unit:word|version:"));
  CHECK(kCer.signature(1).text().starts_with("nrefs:1|case:mixed|unit:char|version:"));
  CHECK(kDistance.name() == "EditDist");
}

}  // namespace regard::evaluation
