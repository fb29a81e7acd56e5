#include "framework/base/stage.h"

#include <fstream>
#include <string>

#include "tests/support/catch.h"

namespace regard {
namespace {

std::string shown() {
  std::ifstream file("/proc/self/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

TEST_CASE("stage: the process shows it and later its previous stage again") {
  const std::string before = shown();
  {
    const Stage outer("train");
    CHECK(shown() == "regard train");
    {
      const Stage inner("save");
      CHECK(shown() == "regard save");
    }
    CHECK(shown() == "regard train");
  }
  CHECK(shown() == before);
}

}  // namespace regard
