#include "framework/evaluation/signature.h"

#include "framework/base/version.h"
#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("signature: the number of references comes first and our own version last") {
  const std::string version = evaluator_version();
  CHECK(version == "regard-" + std::string(regard::version()));
  Signature signature(2);
  CHECK(signature.text() == "nrefs:2|version:" + version);
  signature.add("case", "c", "mixed");
  signature.add("tok", "tok", "13a");
  CHECK(signature.text() == "nrefs:2|case:mixed|tok:13a|version:" + version);
  CHECK(signature.short_text() == "#:2|c:mixed|tok:13a|v:" + version);
}

TEST_CASE("signature: what was resampled stands before the metric's own keys") {
  Signature signature(1);
  signature.add("case", "c", "mixed");
  signature.resampled(1000, 0, "12345");
  CHECK(signature.text() == "nrefs:1|bs:1000|seed:12345|case:mixed|version:" + evaluator_version());
  CHECK(signature.short_text() == "#:1|bs:1000|rs:12345|c:mixed|v:" + evaluator_version());
  signature.resampled(0, 500, "none");  // takes the place of what was there
  CHECK(signature.text() == "nrefs:1|ar:500|seed:none|case:mixed|version:" + evaluator_version());
  const auto entries = signature.entries();
  REQUIRE(entries.size() == 5);
  CHECK(entries[2].key == "seed");
  CHECK(entries[2].abbreviation == "rs");
  CHECK(entries[2].value == "none");
}

}  // namespace regard::evaluation
