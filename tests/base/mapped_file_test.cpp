#include "framework/base/mapped_file.h"

#include <string>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {

TEST_CASE("mapped file: its bytes are those of the file even after their pages were dropped") {
  const test::TempFolder folder;
  std::string bytes;
  for (int i = 0; i < 100000; ++i) bytes += static_cast<char>(i * 7);
  write_file(folder / "a", bytes);
  const MappedFile file(folder / "a");
  const auto text = [&] {
    return std::string(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  };
  CHECK((text() == bytes));
  file.forget();
  CHECK((text() == bytes));
  write_file(folder / "a", "other");  // replaces the file, does not truncate it
  CHECK((text() == bytes));
}

TEST_CASE("mapped file: an empty file has no bytes") {
  const test::TempFolder folder;
  write_file(folder / "a", "");
  CHECK(MappedFile(folder / "a").bytes().empty());
}

TEST_CASE("mapped file: a file that cannot be read is named with the cause") {
  const test::TempFolder folder;
  CHECK_THROWS_WITH(MappedFile(folder / "none"),
                    (folder / "none").string() + ": cannot be read: no such file or folder");
  CHECK_THROWS_WITH(MappedFile(folder.path()),
                    folder.path().string() + ": cannot be read: it is a folder, not a file");
}

}  // namespace regard
