// Compares the README's tables and outputs with those of the reports (tools/readme_tables).
#include "tests/support/catch.h"
#include "tests/tooling/shell.h"

namespace regard::test {

TEST_CASE("readme: its tables are those of the reports") {
  const Said said = shell(REGARD_SOURCE_DIR "/tools/readme_tables --check");
  CHECK(said.text == "");
  CHECK(said.code == 0);
}

TEST_CASE("readme: a figure changed by hand is noticed") {
  const Folder copy;
  REQUIRE(shell("cp -r " REGARD_SOURCE_DIR "/README.md " REGARD_SOURCE_DIR "/experiments " + copy.path().string())
              .code == 0);
  REQUIRE(shell("mkdir " + (copy / "tools") +
                " && cp " REGARD_SOURCE_DIR "/tools/common.sh " REGARD_SOURCE_DIR "/tools/readme_tables " +
                (copy / "tools"))
              .code == 0);
  REQUIRE(shell("sed -i '/^| general |/s/[0-8]/9/' " + (copy / "README.md")).code == 0);
  const Said said = shell((copy / "tools/readme_tables") + " --check");
  CHECK(said.code == 1);
  CHECK(said.text.find("README.md: the text at table:quickstart differs from experiments/quickstart") !=
        std::string::npos);
}

}  // namespace regard::test
