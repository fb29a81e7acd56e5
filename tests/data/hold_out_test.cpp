#include "framework/data/hold_out.h"

#include <algorithm>

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

Corpus numbers(Index count) {
  Corpus corpus;
  for (Index i = 0; i < count; ++i) {
    corpus.source.push_back(fmt::format("{}", i));
    corpus.target.push_back(fmt::format("-{}", i));
  }
  return corpus;
}

}  // namespace

TEST_CASE("hold out: a number of lines is exact, a share nearly, and both are a function of the seed") {
  const Corpus corpus = numbers(1000);
  const auto held = [&](const HoldOut& options) { return held_out(pairs_of(corpus), options, "a.tsv"); };
  const std::vector<Index> lines = held({.lines = 100, .seed = 3});
  CHECK(lines.size() == 100);
  CHECK(std::is_sorted(lines.begin(), lines.end()));
  CHECK(lines == held({.lines = 100, .seed = 3}));
  CHECK(lines != held({.lines = 100, .seed = 4}));
  const std::vector<Index> more = held({.lines = 150, .seed = 3});
  CHECK(std::includes(more.begin(), more.end(), lines.begin(), lines.end()));
  const std::vector<Index> share = held({.share = 0.1, .seed = 3});
  CHECK(share.size() > 70);
  CHECK(share.size() < 130);
  Index early = 0;  // not the first or last ones
  for (const Index position : lines) early += position < 500 ? 1 : 0;
  CHECK(early > 30);
  CHECK(early < 70);
}

TEST_CASE("hold out: the two parts are all pairs once") {
  const Corpus corpus = numbers(50);
  const std::vector<Index> held = held_out(pairs_of(corpus), {.lines = 7}, "a.tsv");
  const Corpus valid = collect(only(pairs_of(corpus), held));
  const Corpus train = collect(without(pairs_of(corpus), held));
  CHECK(valid.size() == 7);
  CHECK(train.size() == 43);
  for (std::size_t i = 0; i < held.size(); ++i) {
    CHECK(valid.source[i] == fmt::format("{}", held[i]));
    CHECK(valid.target[i] == fmt::format("-{}", held[i]));
    CHECK(std::find(train.source.begin(), train.source.end(), valid.source[i]) == train.source.end());
  }
  CHECK(collect(only(pairs_of(corpus), held)).source == valid.source);  // it can be read again
}

TEST_CASE("hold out: all or none is refused") {
  const Corpus corpus = numbers(5);
  for (const Index lines : {5, 6}) {
    CHECK_THROWS_WITH(
        held_out(pairs_of(corpus), {.lines = lines}, "a.tsv"),
        "a.tsv: has 5 pairs, of which data.files.hold_out would hold out 5; training and validation need "
        "some each");
  }
  CHECK_THROWS_AS(held_out(pairs_of(corpus), {.share = 1e-9}, "a.tsv"), DataError);
}

}  // namespace regard::data
