#include "framework/evaluation/chrf.h"

#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

const Lines golden_hypotheses = {"Ein Mann, der auf einem 3.5-Meter-Brett steht.", "Zwei Hunde laufen", "", "a b"};
const std::vector<Lines> golden_references = {
    {"Ein Mann steht auf einem 3,5-Meter-Brett.", "Zwei Hunde rennen durch den Schnee.", "Leer.", "a b c"}};

double corpus(const Lines& hypotheses, const std::vector<Lines>& references, const ChrfOptions& options = {}) {
  const Chrf chrf(options);
  return chrf.score(chrf.statistics(hypotheses, references).sum());
}

}  // namespace

TEST_CASE("chrf: the golden corpus has sacreBLEU's score") {
  CHECK(corpus(golden_hypotheses, golden_references) == Approx(50.97030004367523).epsilon(1e-14));
  CHECK(corpus(golden_hypotheses, golden_references, {.word_order = 2}) ==
        Approx(48.69728391046291).epsilon(1e-14));
}

TEST_CASE("chrf: names and signatures are sacreBLEU's") {
  CHECK(Chrf().name() == "chrF2");
  CHECK(Chrf({.word_order = 2}).name() == "chrF2++");
  CHECK(Chrf().signature(1).text().starts_with("nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:regard-"));
  CHECK(Chrf({.word_order = 2, .lowercase = true})
            .signature(2)
            .short_text()
            .starts_with("#:2|c:lc|e:yes|nc:6|nw:2|s:no|v:regard-"));
}

TEST_CASE("chrf: white space does not count but case does") {
  CHECK(corpus({"a\u00A0b c\u3000d e f"}, {{"abcdef"}}) == 100.0);
  CHECK(corpus({"ABCDEF"}, {{"abcdef"}}) == 0.0);
  CHECK(corpus({"ÄBCDEF"}, {{"äbcdef"}}, {.lowercase = true}) == 100.0);
}

TEST_CASE("chrf: the reference with the best score of the segment counts") {
  CHECK(corpus({"abcdefg"}, {{"xyz"}, {"abcdefg"}}) == 100.0);
  CHECK(corpus({"abcdefg"}, {{"abcdefg"}, {"xyz"}}) == 100.0);
}

TEST_CASE("chrf++: one punctuation mark is split off at the end of a word or else at its start") {
  const Chrf chrf({.char_order = 1, .word_order = 1});
  const auto words = [&](const char* hypothesis, const char* reference) {
    const std::vector<double> sum = chrf.statistics({hypothesis}, {{reference}}).sum();
    return std::vector<double>(sum.begin() + 3, sum.end());
  };
  CHECK(words("(hi)", "(hi )") == std::vector<double>{2, 3, 1});  // "(hi" ")" against "(" "hi" ")"
  CHECK(words("\"hi", "\" hi") == std::vector<double>{2, 2, 2});  // "\"" "hi"
  CHECK(words("hi!!", "hi! !") == std::vector<double>{2, 3, 1});  // "hi!" "!" against "hi" "!" "!"
  CHECK(words("...", ". .") == std::vector<double>{2, 2, 1});     // ".." "."
  CHECK(words("¿hi", "¿ hi") == std::vector<double>{1, 2, 0});    // ASCII marks only
}

TEST_CASE("chrf: n-grams of orders that the reference lacks do not count") {
  const Chrf chrf;
  const std::vector<double> sum = chrf.statistics({"abcd"}, {{"ab"}}).sum();
  CHECK(sum == std::vector<double>{4, 2, 2, 3, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("chrf: an empty reference has no n-grams and does not affect the others") {
  CHECK(corpus({"abc"}, {{""}}) == 0.0);
  CHECK(corpus({"abc", "abc"}, {{"abc", ""}}) ==
        100.0);  // n-grams of orders that the reference lacks do not count
  CHECK(corpus({"abc"}, {{""}, {"abc"}}) == 100.0);
}

TEST_CASE("chrf: an empty hypothesis scores zero") { CHECK(corpus({""}, {{"abc"}}) == 0.0); }

}  // namespace regard::evaluation
