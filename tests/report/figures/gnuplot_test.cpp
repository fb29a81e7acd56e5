#include "framework/report/figures/gnuplot.h"

#include <filesystem>

#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::report {
namespace {

// A script of the shell in the place of gnuplot.
std::string stand_in(const test::TempFolder& folder, const std::string& script) {
  const Path file = folder / "stand-in";
  write_file(file, "#!/bin/sh\n" + script);
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file.string();
}

}  // namespace

TEST_CASE("gnuplot: it runs in the folder with its defaults and an environment of its own and no input") {
  const test::TempFolder folder;
  make_folder(folder / "figures");
  const std::string program =
      stand_in(folder,
               "echo \"$@\" >arguments; pwd >place; cat >input; echo \"$HOME $TZ $LC_ALL ${LANG-none}\" >said\n"
               "echo noise; echo noise >&2\n");
  CHECK(run_gnuplot(program, folder / "figures", "f.gp") == std::nullopt);
  const auto written = [&](const char* name) { return read_file(folder / "figures" / name); };
  CHECK(written("arguments") == "--default-settings f.gp\n");
  CHECK(written("place") == std::filesystem::canonical(folder / "figures").string() + "\n");
  CHECK(written("input").empty());
  CHECK(written("said") == "/nonexistent UTC C.UTF-8 none\n");
}

TEST_CASE("gnuplot: a program that is missing or fails is told in one line") {
  const test::TempFolder folder;
  CHECK(run_gnuplot("no-such-gnuplot", folder.path(), "f.gp") ==
        "no-such-gnuplot cannot be started: no such file or folder");
  write_file(folder / "f.gp", "nonsense\n");
  const auto why = run_gnuplot("gnuplot", folder.path(), "f.gp");
  REQUIRE(why);
  CHECK(why->starts_with("gnuplot failed: "));
  CHECK(why->find('\n') == std::string::npos);
}

TEST_CASE("gnuplot: of what it says the first line with text is told and no control character") {
  const test::TempFolder folder;
  const auto told = [&](const std::string& script) {
    const std::string program = stand_in(folder, script);
    const auto why = run_gnuplot(program, folder.path(), "f.gp");
    REQUIRE(why);
    REQUIRE(why->starts_with(program + " failed: "));
    return why->substr(program.size() + 9);
  };
  CHECK(told("printf '\\n  plot\\tof\\033[1m nothing\\nmore\\n' >&2; exit 1\n") == "plot of [1m nothing");
  CHECK(told("printf '%0300d' 7 >&2; exit 1\n") == std::string(200, '0'));
  CHECK(told("exit 3\n").empty());
  CHECK(told("echo gone >&2; kill -9 $$\n") == "gone");
}

}  // namespace regard::report
