// Runs the commands of docs/translate.md in order in one folder, and looks for each shown output in the real one.
// Numbers differ from machine to machine; words do not.
#include "framework/base/files.h"
#include "tests/cli/program.h"
#include "tests/support/catch.h"
#include "tests/support/page.h"

namespace regard::test {

TEST_CASE("docs/translate.md: its commands give the outputs that it shows", "[cli]") {
#if defined(__SANITIZE_ADDRESS__)
  SUCCEED(
      "trains for half an hour under a sanitizer; translate_test.cpp has each of its commands on a small model");
  return;
#endif
  const std::filesystem::path docs = std::filesystem::path(REGARD_PLAN_PAGE).parent_path();
  const TempFolder folder;
  std::filesystem::create_directory(folder / "configs");
  write_file(folder / "configs/quickstart.yaml", read_file(docs.parent_path() / "configs/quickstart.yaml"));
  std::string said;
  int outputs = 0;
  for (const Block& block : blocks_of(read_file(docs / "translate.md"))) {
    INFO(block.kind << "\n" << block.text);
    if (block.kind == "run") {
      const Ended end = shell(folder.path(), "regard() { $REGARD \"$@\"; }\n" + block.text);
      said = end.out + end.err;
      INFO(said);
      REQUIRE(end.code == 0);
    } else {
      REQUIRE(block.kind == "output");
      INFO(said);
      CHECK(first_missing(block.text, said) == "");
      ++outputs;
    }
  }
  CHECK(outputs >= 5);
}

}  // namespace regard::test
