#include "framework/data/alignment.h"

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::data {

TEST_CASE("alignment: Pharaoh form is written and read back") {
  const Alignment links = {{0, 0}, {1, 2}, {2, 1}, {2, 3}};
  CHECK(to_pharaoh(links) == "0-0 1-2 2-1 2-3");
  CHECK(parse_pharaoh("0-0 1-2 2-1 2-3", 3, 4, "a:1") == links);
  CHECK(to_pharaoh({}).empty());
  CHECK(parse_pharaoh("", 3, 4, "a:1").empty());
}

TEST_CASE("alignment: links are sorted and a repeated one counts once for any spaces between") {
  CHECK(parse_pharaoh("  2-1 0-0\t1-2  0-0 ", 3, 4, "a:1") == Alignment{{0, 0}, {1, 2}, {2, 1}});
}

TEST_CASE("alignment: text that is not a link is refused") {
  for (const char* bad : {"1", "1-", "-1", "1-2-3", "a-b", "1--2", "1–2", "1-2x", "99999999999-1"}) {
    CHECK_THROWS_WITH(
        parse_pharaoh(std::string("0-0 ") + bad, 3, 4, "train.align:7"),
        fmt::format("train.align:7: '{}' is not a link; write links as source-target with word positions "
                    "from 0, such as '0-0 1-2'",
                    bad));
  }
}

TEST_CASE("alignment: a link outside its sentence is refused") {
  CHECK_THROWS_WITH(
      parse_pharaoh("0-0 3-1", 3, 4, "train.align:7"),
      "train.align:7: the link 3-1 points at source word 3, but that sentence has 3 words, counted from 0");
  CHECK_THROWS_WITH(
      parse_pharaoh("0-0 2-4", 3, 4, "train.align:7"),
      "train.align:7: the link 2-4 points at target word 4, but that sentence has 4 words, counted from 0");
}

}  // namespace regard::data
