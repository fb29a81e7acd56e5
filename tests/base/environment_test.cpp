#include "framework/base/environment.h"

#include <stdlib.h>

#include "tests/support/catch.h"

namespace regard {

TEST_CASE("environment: a variable's text is given as it is and an empty one counts as not set") {
  constexpr const char* kName = "REGARD_TEST_OF_ENVIRONMENT";
  REQUIRE(::unsetenv(kName) == 0);
  CHECK(environment(kName).empty());
  REQUIRE(::setenv(kName, " two words=\xC3\xA9 ", 1) == 0);
  CHECK(environment(kName) == " two words=\xC3\xA9 ");
  REQUIRE(::setenv(kName, "", 1) == 0);
  CHECK(environment(kName).empty());
  REQUIRE(::unsetenv(kName) == 0);
}

}  // namespace regard
