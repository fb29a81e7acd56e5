#include "framework/data/text.h"

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

using Lines = std::vector<std::string>;

Splits numbered() {
  Splits splits;
  splits.description = "Numbers.";
  splits.train = {
      .source = {"a b", "c", "d e"}, .target = {"A", "B C", "D"}, .gold = {{{0, 0}}, {{0, 1}}, {{1, 0}}}};
  splits.valid = {.source = {"v", "w"}, .target = {"V", "W"}, .gold = {}};
  splits.tests.push_back({"t", {.source = {"1", "", "3", "4"}, .target = {"I", "", "III", "IV"}, .gold = {}}});
  return splits;
}

}  // namespace

TEST_CASE("text: case and normal form change every split and both sides and are in the description") {
  Splits splits = numbered();
  splits.train.source[0] = "Cafe\u0301 ﬁN";
  splits.tests[0].corpus.target[0] = "ÉTÉ";
  apply({.normalize = unicode::NormalForm::nfkc, .lowercase = true}, splits);
  CHECK(splits.train.source[0] == "café fin");
  CHECK(splits.train.target[1] == "b c");
  CHECK(splits.valid.target[0] == "v");
  CHECK(splits.tests[0].corpus.target[0] == "été");
  CHECK(splits.description ==
        "Numbers. All text, references included, is normalised to NFKC and lower-cased before use.");
}

TEST_CASE("text: the default options change nothing") {
  Splits splits = numbered();
  apply(TextOptions{}, splits);
  apply(JoinOptions{}, splits);
  CHECK(splits.description == "Numbers.");
  CHECK(splits.train.source == numbered().train.source);
  CHECK(splits.tests.size() == 1);
}

TEST_CASE("join: neighbours become one pair and their alignments are shifted") {
  Splits splits = numbered();
  apply(JoinOptions{.train = {1, 2}}, splits);
  CHECK(splits.train.source == Lines{"a b", "c", "d e", "a b c"});
  CHECK(splits.train.target == Lines{"A", "B C", "D", "A B C"});
  CHECK(to_pharaoh(splits.train.gold[3]) == "0-0 2-2");
  CHECK(splits.valid.source == Lines{"v", "w", "v w"});
  CHECK(splits.description == "Numbers. Training joins 1 and 2 neighbouring pairs into one.");
  CHECK(splits.tests[0].corpus.source.size() == 4);
}

TEST_CASE("join: each number of joined pairs gives a test set with its own name") {
  Splits splits = numbered();
  apply(JoinOptions{.test = {1, 2, 3}}, splits);
  REQUIRE(splits.tests.size() == 3);
  CHECK(splits.tests[0].name == "t");
  CHECK(splits.tests[1].name == "t_x2");
  CHECK(splits.tests[1].corpus.source == Lines{"1", "3 4"});
  CHECK(splits.tests[1].corpus.target == Lines{"I", "III IV"});
  CHECK(splits.tests[2].corpus.source == Lines{"1 3"});
  CHECK(splits.train.source.size() == 3);
}

TEST_CASE("join: the error names a split that is too short") {
  Splits splits = numbered();
  CHECK_THROWS_WITH(apply(JoinOptions{.train = {3}}, splits),
                    "data.join: 'valid' has 2 pairs, too few to join 3; use a smaller number");
}

TEST_CASE("join: two test sets with the same name are refused") {
  Splits splits = numbered();
  splits.tests.push_back({"t_x2", splits.tests[0].corpus});
  CHECK_THROWS_WITH(
      apply(JoinOptions{.test = {1, 2}}, splits),
      "data.join.test: there would be two test sets 't_x2'; name each number once, and rename a set of "
      "data.files.test that already has this name");
}

}  // namespace regard::data
