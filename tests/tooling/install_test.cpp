// The installed package, as used by a separate project.
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/tooling/installed.h"
#include "tests/tooling/shell.h"

namespace regard::test {
namespace {

const std::string kConsumer = REGARD_SOURCE_DIR "/tests/tooling/consumer";
const std::string kExpected = "regard " REGARD_PROJECT_VERSION ": the plug-in sees 7 threads\n";
const std::string kFlags = REGARD_SANITIZE_FLAGS;

// Configures and builds the consumer with `-D` options, runs it, and returns what it prints.
std::string consume(const std::string& options) {
  const Folder build;
  require_ok("cmake -G Ninja -S " + kConsumer + " -B " + build.path().string() +
             " -DCMAKE_CXX_COMPILER=" REGARD_CXX " '-DCMAKE_CXX_FLAGS=" + kFlags + "' " + options);
  require_ok("cmake --build " + build.path().string());
  REQUIRE(std::filesystem::exists(build / "my_plugin.so"));
  return shell((build / "consumer") + " " + (build / "my_plugin.so")).text;
}

TEST_CASE("install: the program runs from any prefix and finds its library beside itself", "[cli]") {
  const Folder moved;
  require_ok("cp -a " + prefix() + "/. " + moved.path().string());
  const std::string program = moved / "bin/regard";
  const std::string beside = "libregard.so.0 => " + (moved / "bin/../lib");
  CHECK_THAT(shell("LD_TRACE_LOADED_OBJECTS=1 " + program).text, ContainsSubstring(beside));
  CHECK(shell(program + " --version").text == shell(REGARD_BINARY_DIR "/tools/regard/regard --version").text);
}

TEST_CASE("install: a project finds the package and its plug-in uses the same library", "[cli]") {
  CHECK(consume("-DCMAKE_PREFIX_PATH=" + prefix()) == kExpected);
}

TEST_CASE("install: the build tree is a package too", "[cli]") {
  CHECK(consume("-Dregard_DIR=" REGARD_BINARY_DIR) == kExpected);
}

TEST_CASE("install: pkg-config builds a program and a plug-in without CMake", "[cli]") {
  const Folder build;
  const std::string compile = "cd " + kConsumer + " && export PKG_CONFIG_PATH=$(dirname $(find " + prefix() +
                              " -name regard.pc)) && " REGARD_CXX " -std=c++20 " + kFlags + " ";
  require_ok(compile + "-fPIC -shared my_plugin.cpp -o " + (build / "my_plugin.so") +
             " $(pkg-config --cflags --libs regard)");
  require_ok(compile + "consumer.cpp -o " + (build / "consumer") + " $(pkg-config --cflags --libs regard) -ldl");
  const Said said = shell("LD_LIBRARY_PATH=$(dirname $(find " + prefix() + " -name libregard.so)) " +
                          (build / "consumer") + " " + (build / "my_plugin.so"));
  CHECK(said.text == kExpected);
}

TEST_CASE("install: no file of the package names the folder it was built in", "[cli]") {
  const Said said = shell("grep -rlw " REGARD_SOURCE_DIR " " + prefix() + "/lib*/*/cmake " + prefix() +
                          "/lib*/cmake " + prefix() + "/include 2>/dev/null");
  CHECK(said.text == "");
}

TEST_CASE("install: a plug-in without a source is refused", "[cli]") {
  const Folder project;
  project.write(
      "CMakeLists.txt",
      "cmake_minimum_required(VERSION 3.25)\nproject(empty LANGUAGES CXX)\nfind_package(regard REQUIRED)\n"
      "regard_add_plugin(my_score)\n");
  const Said said = shell("cmake -G Ninja -S " + project.path().string() + " -B " + (project / "build") +
                          " -Dregard_DIR=" REGARD_BINARY_DIR " -DCMAKE_CXX_COMPILER=" REGARD_CXX);
  CHECK(said.code == 1);
  CHECK_THAT(said.text, ContainsSubstring("regard_add_plugin(my_score): name at least one source file, as in"));
}

}  // namespace
}  // namespace regard::test
