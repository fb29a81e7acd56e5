#include "framework/evaluation/lines.h"

#include <sstream>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::evaluation {
namespace {

Lines parsed(std::string_view text) { return lines_of(text, "hyp.txt"); }

}  // namespace

TEST_CASE("lines: only a newline ends a line") {
  CHECK(parsed("a\nb") == Lines{"a", "b"});
  CHECK(parsed("a\n\n") == Lines{"a", ""});
  CHECK(parsed("a\r\nb\vc\u2028d\n") == Lines{"a\r", "b\vc\u2028d"});
  CHECK(parsed("").empty());
  CHECK(starts_with_mark(parsed("\xEF\xBB\xBFx")));
  CHECK_FALSE(starts_with_mark(parsed("")));
}

TEST_CASE("lines: a byte that is not UTF-8 is named with its place") {
  CHECK_THROWS_WITH(parsed("a\nb\xFF\n"),
                    "hyp.txt:2: byte 2 of the line (0xFF) is not UTF-8; convert the file to UTF-8");
  CHECK_THROWS_AS(parsed("\xC3"), DataError);          // cut off
  CHECK_THROWS_AS(parsed("\xED\xA0\x80"), DataError);  // a surrogate
  CHECK_THROWS_AS(parsed("\xC0\xAF"), DataError);      // overlong
}

TEST_CASE("lines: a missing file and a folder are refused with one sentence") {
  CHECK_THROWS_WITH(read_lines("no/such/file"), "no/such/file: cannot be read: no such file or folder");
  CHECK_THROWS_WITH(read_lines("."), ".: cannot be read: it is a folder, not a file");
}

TEST_CASE("lines: a file is read unchanged") {
  const test::TempFolder folder;
  const std::string path = folder / "text";
  const std::string bytes("a\0b\n", 4);
  write_file(path, bytes);
  CHECK(read_lines(path) == Lines{std::string("a\0b", 3)});
  std::istringstream in(bytes);
  CHECK(read_lines(in, "standard input") == read_lines(path));
}

}  // namespace regard::evaluation
