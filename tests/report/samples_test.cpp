#include "framework/report/samples.h"

#include "tests/support/catch.h"

namespace regard::report {

TEST_CASE("samples: words outside a longest common subsequence are marked") {
  CHECK(marked_words("le chat noir dort", "le chat noir dort") == "le chat noir dort");
  CHECK(marked_words("le noir chat dort", "le chat noir dort") == "le <mark>noir</mark> chat dort");
  CHECK(marked_words("x <y>", "z") == "<mark>x</mark> <mark>&lt;y&gt;</mark>");
  CHECK(marked_words("", "z").empty());
  std::string endless;
  for (int i = 0; i < 401; ++i) endless += "a ";
  CHECK(marked_words(endless, "b") == endless);
}

TEST_CASE("samples: sentences are spread evenly and never twice") {
  CHECK(evenly_spread(100, 4) == std::vector<Index>{12, 37, 62, 87});
  CHECK(evenly_spread(3, 4) == std::vector<Index>{0, 1, 2});
  CHECK(evenly_spread(0, 4).empty());
}

}  // namespace regard::report
