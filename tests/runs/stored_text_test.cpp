#include "framework/runs/stored_text.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::runs {

TEST_CASE("stored text: lines end with a line break, also the last one") {
  const test::TempFolder folder;
  write_file(folder / "a", "one\n\nthree\n");
  CHECK(read_lines(folder / "a") == std::vector<std::string>{"one", "", "three"});
  write_file(folder / "a", "one\ntwo");
  CHECK(read_lines(folder / "a") == std::vector<std::string>{"one", "two"});
  CHECK(read_whole(folder / "a") == "one\ntwo");
}

TEST_CASE("stored text: a file that is gone or damaged is named") {
  const test::TempFolder folder;
  const std::string file = (folder / "a").string();
  CHECK_THROWS_WITH(read_whole(file), file + ": cannot be read: no such file or folder");
  CHECK_THROWS_AS(read_lines(file), FolderError);
  write_file(file, "fine\nno\xFF\n");
  CHECK_THROWS_WITH(read_lines(file), file + ":2: is damaged: byte 3 is not UTF-8");
}

}  // namespace regard::runs
