#include "framework/evaluation/ter.h"

#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

double corpus(const Lines& hypotheses, const std::vector<Lines>& references, const TerOptions& options = {}) {
  const Ter ter(options);
  return ter.score(ter.statistics(hypotheses, references).sum());
}

}  // namespace

TEST_CASE("ter: the golden corpus has sacreBLEU's score") {
  const Lines hypotheses = {"Ein Mann, der auf einem 3.5-Meter-Brett steht.", "Zwei Hunde laufen", "", "a b"};
  const std::vector<Lines> references = {
      {"Ein Mann steht auf einem 3,5-Meter-Brett.", "Zwei Hunde rennen durch den Schnee.", "Leer.", "a b c"}};
  CHECK(corpus(hypotheses, references) == 62.5);
}

TEST_CASE("ter: name and signature are sacreBLEU's") {
  CHECK(Ter().name() == "TER");
  CHECK(Ter().signature(1).text().starts_with(
      "nrefs:1|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:regard-"));
  CHECK(Ter({.case_sensitive = true})
            .signature(1)
            .short_text()
            .starts_with("#:1|c:mixed|t:tercom|nr:no|pn:yes|as:no|v:regard-"));
}

TEST_CASE("ter: moving a block of words costs one edit") {
  CHECK(ter_edits({1, 2, 3, 4, 5, 6}, {4, 5, 6, 1, 2, 3}) == 1);
  CHECK(ter_edits({1, 2, 3, 4, 5, 6}, {1, 3, 4, 2, 5, 6}) == 1);
  CHECK(ter_edits({1, 2, 3, 9}, {3, 1, 2}) == 2);
}

TEST_CASE("ter: insertions and deletions and substitutions cost one each") {
  CHECK(ter_edits({1, 2, 3}, {1, 2, 3}) == 0);
  CHECK(ter_edits({1, 3}, {1, 2, 3}) == 1);
  CHECK(ter_edits({1, 2, 3}, {1, 3}) == 1);
  CHECK(ter_edits({1, 9, 3}, {1, 2, 3}) == 1);
  CHECK(ter_edits({}, {1, 2}) == 2);
  CHECK(ter_edits({1, 2}, {}) == 2);
  CHECK(ter_edits({}, {}) == 0);
}

TEST_CASE("ter: case is ignored by default") {
  CHECK(corpus({"A B"}, {{"a b"}}) == 0.0);
  CHECK(corpus({"A B"}, {{"a b"}}, {.case_sensitive = true}) == 100.0);
}

TEST_CASE("ter: with several references it is the fewest edits divided by the mean length") {
  CHECK(corpus({"a b"}, {{"a b"}, {"a b c d"}}) == 0.0);
  CHECK(corpus({"a x"}, {{"a b"}, {"a b c d"}}) == Approx(100.0 / 3.0));
}

TEST_CASE("ter: an empty reference counts in the edits and in the mean length as in sacreBLEU") {
  CHECK(corpus({"a"}, {{"b"}, {""}}) == 200.0);  // one edit over a mean of half a word
  CHECK(corpus({"a b"}, {{"a b"}, {""}}) == 0.0);
  CHECK(corpus({""}, {{"a b"}, {""}}) == 0.0);  // no edits to the empty reference
  CHECK(corpus({"a b", "c d"}, {{"a b", ""}}) == 100.0);
}

TEST_CASE("ter: without a reference word any edit gives 100") {
  const Ter ter;
  CHECK(ter.score(std::vector<double>{3, 0}) == 100.0);
  CHECK(ter.score(std::vector<double>{0, 0}) == 0.0);
}

TEST_CASE("ter: the band reaches 25 places to one side of the diagonal and 24 to the other") {
  const auto counted = [](std::uint32_t from, std::uint32_t to) {
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = from; i < to; ++i) out.push_back(i);
    return out;
  };
  const std::vector<std::uint32_t> reference = counted(0, 60);
  const auto late = [&](std::uint32_t places) {  // other words, then the reference's
    std::vector<std::uint32_t> out = counted(100, 100 + places);
    for (std::uint32_t i = 0; i < 60 - places; ++i) out.push_back(i);
    return out;
  };
  const auto early = [&](std::uint32_t places) {
    std::vector<std::uint32_t> out = counted(places, 60);
    for (std::uint32_t i = 0; i < places; ++i) out.push_back(100 + i);
    return out;
  };
  CHECK(ter_edits(late(24), reference) == 48);
  CHECK(ter_edits(late(25), reference) == 50);
  CHECK(ter_edits(late(26), reference) == 60);
  CHECK(ter_edits(early(24), reference) == 48);
  CHECK(ter_edits(early(25), reference) == 60);
}

TEST_CASE("ter: lengths that differ by more than the band still align") {
  const std::vector<std::uint32_t> one = {7};
  const std::vector<std::uint32_t> many(200, 7);
  CHECK(ter_edits(one, many) == 199);
  CHECK(ter_edits(many, one) == 199);
}

}  // namespace regard::evaluation
