// Does what a reader of docs/attention.md does: writes its files, runs its commands in order with the installed
// package, and looks for each shown output in the real one.
#include <filesystem>
#include <string>

#include "framework/attention/conformance.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/page.h"
#include "tests/tooling/installed.h"
#include "tests/tooling/shell.h"

namespace regard::test {

TEST_CASE("docs/attention.md: its commands give the outputs that it shows", "[cli]") {
  const std::string page = read_file(REGARD_SOURCE_DIR "/docs/attention.md");
  const Folder folder;
  std::string here = folder.path().string();
  std::string said;
  int outputs = 0;
  for (const Block& block : blocks_of(page)) {
    INFO(block.kind << "\n" << block.text);
    if (block.kind.starts_with("file: ")) {
      write_file(std::filesystem::path(here) / block.kind.substr(6), block.text);
    } else if (block.kind == "run") {
      said = require_ok(with_package() + "export CMAKE_PREFIX_PATH=" + prefix() + " CMAKE_GENERATOR=Ninja && cd " +
                        here + " && set -e && " + block.text + "\npwd > " + (folder / "where"));
      here = read_file(folder / "where");
      here.pop_back();
    } else {
      REQUIRE(block.kind == "output");
      INFO(said);
      CHECK(first_missing(block.text, said) == "");
      ++outputs;
    }
  }
  CHECK(outputs >= 6);
}

TEST_CASE("docs/attention.md: its table has every check") {
  const std::string page = read_file(REGARD_SOURCE_DIR "/docs/attention.md");
  const std::string table = page.substr(page.find("| check | holds if |"));
  for (const auto& check : attention::conformance_checks()) {
    INFO(check.name);
    CHECK(table.substr(0, table.find("\n\n")).find(check.name) != std::string::npos);
  }
}

TEST_CASE("docs/attention.md: a line that is missing in the output is found") {
  CHECK(first_missing("a 1.5e-10  b\n…\nc\n", "a 2.5e-07 b\nx\nc\n") == "");
  CHECK(first_missing("c\na\n", "a\nc\n") == "a");
  CHECK(first_missing("a -3 .5\n", "a 4 1.00\n") == "");
  CHECK(first_missing("passed\n", "FAILED\n") == "passed");
  CHECK(first_missing("s4   1.00\n", "s4    .98  .02\n") == "");
  CHECK(first_missing("s4   1.00\n", "s4\n") == "s4   1.00");
}

}  // namespace regard::test
