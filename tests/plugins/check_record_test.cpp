// Part of the program test_cli.
#include "framework/plugins/check_record.h"

#include <string>

#include "framework/base/files.h"
#include "tests/support/cache_home.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::test {
TEST_CASE("check record: the last outcome counts for these bytes and this variant alone", "[cli]") {
  const TempFolder folder;
  const CacheHome home((folder / "cache").string());
  CHECK(plugins::check_outcome("aa", "mine") == plugins::kNeverChecked);
  plugins::remember_check("aa", "mine", "weights, padding");
  plugins::remember_check("aa", "mine_too", plugins::kCheckPassed);
  plugins::remember_check("bb", "mine", plugins::kCheckPassed);
  CHECK(plugins::check_outcome("aa", "mine") == "weights, padding");
  plugins::remember_check("aa", "mine", plugins::kCheckPassed);
  CHECK(plugins::check_outcome("aa", "mine") == plugins::kCheckPassed);
  CHECK(plugins::check_outcome("aa", "mine_too") == plugins::kCheckPassed);
  CHECK(plugins::check_outcome("bb", "mine_too") == plugins::kNeverChecked);
  CHECK(read_file(folder / "cache/regard/plugin_checks") ==
        "aa mine_too passed\nbb mine passed\naa mine passed\n");
}

TEST_CASE("check record: the oldest outcomes are forgotten", "[cli]") {
  const TempFolder folder;
  const CacheHome home((folder / "cache").string());
  std::string lines;
  for (int i = 0; i < 500; ++i) lines += "old" + std::to_string(i) + " mine passed\n";
  make_folder(folder / "cache/regard");
  write_file(folder / "cache/regard/plugin_checks", lines);
  plugins::remember_check("old7", "mine", "padding");  // replaces its line
  CHECK(plugins::check_outcome("old0", "mine") == plugins::kCheckPassed);
  plugins::remember_check("new", "mine", plugins::kCheckPassed);
  CHECK(plugins::check_outcome("old0", "mine") == plugins::kNeverChecked);
  CHECK(plugins::check_outcome("old1", "mine") == plugins::kCheckPassed);
  CHECK(plugins::check_outcome("old7", "mine") == "padding");
  CHECK(plugins::check_outcome("new", "mine") == plugins::kCheckPassed);
}

TEST_CASE("check record: a folder that cannot be written is no error and remembers nothing", "[cli]") {
  const TempFolder folder;
  write_file(folder / "file", "");
  const CacheHome home((folder / "file").string());
  plugins::remember_check("aa", "mine", plugins::kCheckPassed);
  CHECK(plugins::check_outcome("aa", "mine") == plugins::kNeverChecked);
}

}  // namespace regard::test
