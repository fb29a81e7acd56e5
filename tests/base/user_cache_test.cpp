#include "framework/base/user_cache.h"

#include "tests/support/cache_home.h"
#include "tests/support/catch.h"

namespace regard::test {

TEST_CASE("user_cache: files are in regard's folder of XDG_CACHE_HOME or else of the home folder") {
  {
    const CacheHome home("/somewhere");
    CHECK(user_cache_file("facts") == "/somewhere/regard/facts");
  }
  const CacheHome relative("not/absolute");
  const char* const home = std::getenv("HOME");
  if (home != nullptr && Path(home).is_absolute())
    CHECK(user_cache_file("facts") == Path(home) / ".cache/regard/facts");
}

}  // namespace regard::test
