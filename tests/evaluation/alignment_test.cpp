#include "framework/evaluation/alignment.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::evaluation {

TEST_CASE("alignment: a line has sure and possible links") {
  const GoldAlignment gold = parse_alignment(" 0-0 2-1 1?1\t3p2 2?1 0-0 ", "gold:1");
  CHECK(gold.sure == Links{{0, 0}, {2, 1}});
  CHECK(gold.possible == Links{{0, 0}, {1, 1}, {2, 1}, {3, 2}});
  CHECK(parse_alignment("", "gold:1").possible.empty());
}

TEST_CASE("alignment: text that is not a link is refused with its place") {
  for (const char* text :
       {"1", "1-", "-1", "-1-2", "1--2", "1+2", "1-2-3", "a-b", "1-99999999999999999999", "1:2"}) {
    CHECK_THROWS_AS(parse_alignment(text, "gold.align:7"), DataError);
  }
  CHECK_THROWS_WITH(
      parse_alignment("0-0 4+5", "gold.align:7"),
      "gold.align:7: '4+5' is not a link; write sure links as i-j and possible ones as i?j or ipj, with "
      "positions from 0, source first");
}

TEST_CASE("alignment: a file is read line by line") {
  const test::TempFolder folder;
  const std::string path = folder / "gold.align";
  write_file(path,
             "\xEF\xBB\xBF"
             "0-0 1?1\r\n\n2-2");
  const std::vector<GoldAlignment> gold = read_alignments(path);
  REQUIRE(gold.size() == 3);
  CHECK(gold[0].possible.size() == 2);
  CHECK(gold[1].possible.empty());
  CHECK(gold[2].sure == Links{{2, 2}});
}

TEST_CASE("alignment: precision and recall and error rate are those of Och and Ney") {
  const GoldAlignment gold = parse_alignment("0-0 1-1 2?1 3?3", "gold:1");
  AlignmentScore score;
  score.add({{0, 0}, {2, 1}, {3, 2}}, gold);
  CHECK(score.precision() == Approx(2.0 / 3));  // 0-0 and 2?1 of three
  CHECK(score.recall() == Approx(1.0 / 2));     // 0-0 of two sure ones
  CHECK(score.error_rate() == Approx(1.0 - (1.0 + 2.0) / (3.0 + 2.0)));
  score.add({{0, 0}}, parse_alignment("0-0", "gold:2"));
  CHECK(score.error_rate() == Approx(1.0 - (2.0 + 3.0) / (4.0 + 3.0)));
  AlignmentScore perfect;
  perfect.add({{0, 0}, {1, 1}}, gold);
  CHECK(perfect.error_rate() == 0.0);
  CHECK(AlignmentScore().error_rate() == 0.0);
}

TEST_CASE("alignment: each target word is aligned to the source word with the largest weight") {
  const WeightMatrix weights{3,
                             3,
                             {0.1, 0.2, 0.7,  // the end of the sentence has most weight
                              0.4, 0.4, 0.2,  // of equal weights the first
                              0.0, 0.9, 0.1}};
  CHECK(hard_alignment(weights, 2, 3) == Links{{0, 1}, {1, 0}, {1, 2}});
  CHECK(hard_alignment(weights, 3, 1) == Links{{2, 0}});
  CHECK(hard_alignment(weights, 0, 3).empty());
  CHECK_THROWS_AS(hard_alignment(weights, 4, 1), InternalError);
}

TEST_CASE("alignment: weights of pieces add up over a source word and average over a target word") {
  const WeightMatrix pieces{3,
                            4,
                            {0.1, 0.2, 0.3, 0.4,  //
                             0.3, 0.3, 0.4, 0.0,  //
                             0.0, 0.0, 0.0, 1.0}};
  const std::vector<Index> source = {0, 0, 1, -1};
  const std::vector<Index> target = {0, 0, -1};
  const WeightMatrix words = words_from_pieces(pieces, source, target);
  CHECK(words.targets == 1);
  CHECK(words.sources == 2);
  CHECK(words.values[0] == Approx((0.3 + 0.6) / 2));
  CHECK(words.values[1] == Approx((0.3 + 0.4) / 2));
  const std::vector<Index> gap = {0, 0, 2, -1};
  CHECK_THROWS_AS(words_from_pieces(pieces, gap, target), InternalError);
}

TEST_CASE("alignment: the share of crossing links measures how much the order differs") {
  CHECK(crossing_share({{0, 0}, {1, 1}, {2, 2}}) == 0.0);
  CHECK(crossing_share({{0, 2}, {1, 1}, {2, 0}}) == 1.0);
  CHECK(crossing_share({{0, 0}, {1, 2}, {2, 1}}) == Approx(1.0 / 3));
  CHECK(crossing_share({{0, 0}, {0, 1}}) == 0.0);
}

}  // namespace regard::evaluation
