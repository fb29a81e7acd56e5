// The recorded version and commit, and an op without a test.
#include "framework/base/version.h"
#include "tests/support/catch.h"
#include "tests/tooling/shell.h"

namespace regard::test {
namespace {

const std::string kSource = REGARD_SOURCE_DIR;

TEST_CASE("version: the library knows its version and commit and compiler and flags") {
  CHECK(version() == REGARD_PROJECT_VERSION);
  CHECK((commit() == "unknown" || commit().find_first_not_of("0123456789abcdef") == std::string_view::npos));
  CHECK((commit() == "unknown" || commit().size() == 40));
  CHECK(compiler() == REGARD_COMPILER);
  CHECK(flags().find("-O") != std::string_view::npos);
}

// Returns the lines that cmake/RegardVersion.cmake writes for a folder of sources.
std::string stamp(const Folder& folder) {
  const std::string out = folder / "version.cpp";
  const Said said =
      shell("cmake -DSOURCE_DIR=" + folder.path().string() + " -DOUTPUT=" + out + " -DTEMPLATE=" + kSource +
            "/framework/base/version.cpp.in -DPROJECT_VERSION=1.2.3 '-DCOMPILER=GNU 12' -DFLAGS=-O3 -P " +
            kSource + "/cmake/RegardVersion.cmake && grep -E 'commit|tree_clean' " + out);
  CHECK(said.code == 0);
  return said.text;
}
std::string stamped(const std::string& commit, const std::string& clean) {
  return "std::string_view commit() noexcept { return \"" + commit +
         "\"; }\nbool tree_clean() noexcept { return " + clean + "; }\n";
}

TEST_CASE("version: a checkout has its commit and whether files have changed") {
  const Folder folder;
  folder.write("a.txt", "one\n");
  const std::string git = "git -C " + folder.path().string() + " -c user.name=n -c user.email=e@e ";
  REQUIRE(shell("(" + git + "init -q && " + git + "add a.txt && " + git + "commit -q -m one)").code == 0);
  std::string head = shell(git + "rev-parse HEAD").text;
  head.pop_back();
  folder.write("notes.txt", "not tracked, so it does not count\n");
  CHECK(stamp(folder) == stamped(head, "true"));
  folder.write("a.txt", "two\n");
  CHECK(stamp(folder) == stamped(head, "false"));
}

TEST_CASE("version: an archive has the commit that git wrote into it") {
  const Folder folder;
  folder.write("cmake/archive-commit.txt", "0123456789abcdef0123456789abcdef01234567\n");
  CHECK(stamp(folder) == stamped("0123456789abcdef0123456789abcdef01234567", "false"));
}

TEST_CASE("version: the commit of sources without git is unknown even inside another repository") {
  const Folder outer;
  REQUIRE(shell("git init -q " + outer.path().string()).code == 0);
  outer.write("inner/cmake/archive-commit.txt", "$Format:%H$\n");
  const std::string inner = outer / "inner";
  const Said said = shell("cmake -DSOURCE_DIR=" + inner + " -DOUTPUT=" + inner + "/v.cpp -DTEMPLATE=" + kSource +
                          "/framework/base/version.cpp.in -P " + kSource +
                          "/cmake/RegardVersion.cmake && grep -E "
                          "'commit|tree_clean' " +
                          inner + "/v.cpp");
  CHECK(said.text == stamped("unknown", "false"));
}

TEST_CASE("build: an op without its test is refused by name") {
  const Folder folder;
  folder.write("framework/autodiff/ops/softmax.cpp", "");
  folder.write("framework/autodiff/ops/matmul.cpp", "");
  folder.write("tests/autodiff/ops/matmul_test.cpp", "");
  const std::string line =
      "cmake -DSOURCE_DIR=" + folder.path().string() + " -P " + kSource + "/cmake/RegardOpTests.cmake";
  const Said said = shell(line);
  CHECK(said.code == 1);
  CHECK_THAT(said.text, ContainsSubstring("op 'softmax' has no tests/autodiff/ops/softmax_test.cpp"));
  CHECK_THAT(said.text, !ContainsSubstring("matmul"));
  folder.write("tests/autodiff/ops/softmax_test.cpp", "");
  CHECK(shell(line).code == 0);
}

}  // namespace
}  // namespace regard::test
