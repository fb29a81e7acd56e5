// Runs tools/rules over the project, and over small projects that break one rule each.
#include "tests/support/catch.h"
#include "tests/tooling/shell.h"

namespace regard::test {
namespace {

const std::string kRules = REGARD_SOURCE_DIR "/tools/rules";

// A small project without a violation; a test then adds one file.
class Project final {
 public:
  Project() {
    folder.write("framework/modules.txt",
                 "# lowest first\nbase:\ntensor: base\nnn: base tensor\ntraining: base nn\n");
    folder.write("framework/nn/linear.cpp",
                 "#include \"framework/base/errors.h\"\n#include \"framework/tensor/shape.h\"\n");
  }
  [[nodiscard]] Said rules() const { return shell(kRules + " " + folder.path().string()); }
  Folder folder;
};

void check_says(const Project& project, const std::string& text) {
  const Said said = project.rules();
  CHECK(said.text == text + "\n");
  CHECK(said.code == 1);
}

TEST_CASE("rules: the project has no violation") {
  const Said said = shell(kRules);
  CHECK(said.text == "");
  CHECK(said.code == 0);
}

TEST_CASE("rules: nothing is printed for a project without a violation") {
  const Project project;
  const Said said = project.rules();
  CHECK(said.text == "");
  CHECK(said.code == 0);
}

TEST_CASE("rules: an include against the order of modules is reported with both modules") {
  const Project project;
  project.folder.write(
      "framework/nn/linear.cpp",
      "#include \"framework/nn/linear.h\"\n\n#include <vector>\n#include \"framework/training/trainer.h\"\n");
  check_says(project, "framework/nn/linear.cpp:4 includes training/trainer.h: nn may not use training");
}

TEST_CASE("rules: a module is used as a whole and no single header is allowed alone") {
  const Project project;
  project.folder.write("framework/modules.txt", "base:\ntensor: base\nnn: base tensor/shape.h\n");
  check_says(project,
             "framework/modules.txt:3: nn uses tensor/shape.h, which is not listed above it; list the lowest "
             "module first, so that there is no cycle\n"
             "framework/nn/linear.cpp:2 includes tensor/shape.h: nn may not use tensor");
}

TEST_CASE("rules: uses between modules that form a cycle are refused") {
  const Project project;
  project.folder.write("framework/modules.txt", "base:\ntensor: base nn\nnn: base tensor\n");
  check_says(
      project,
      "framework/modules.txt:2: tensor uses nn, which is not listed above it; list the lowest module first, "
      "so that there is no cycle");
}

TEST_CASE("rules: a module that is not listed or is listed twice is refused") {
  const Project project;
  project.folder.write("framework/modules.txt", "base:\ntensor: base\ntensor: base\nnn: base tensor\n");
  project.folder.write("framework/loose/file.h", "#pragma once\n");
  check_says(project,
             "framework/modules.txt:3: module tensor is listed twice\n"
             "framework/loose/file.h: framework/modules.txt has no module loose");
}

TEST_CASE("rules: framework may not include other folders or relative paths") {
  const Project project;
  project.folder.write("framework/nn/odd.cpp", "#include \"tools/regard/command.h\"\n#include \"linear.h\"\n");
  check_says(project,
             "framework/nn/odd.cpp:1 includes tools/regard/command.h: framework may not use tools\n"
             "framework/nn/odd.cpp:2 includes \"linear.h\": write the whole path, \"framework/...\"");
}

TEST_CASE("rules: a library is included only by the module that may use it") {
  const Project project;
  project.folder.write("framework/tensor/gemm/gemm.cpp",
                       "#include <Eigen/Core>\n#include <oneapi/dnnl/dnnl.hpp>\n");
  project.folder.write("framework/config/tree.cpp", "#include <yaml-cpp/yaml.h>\n");
  project.folder.write("framework/modules.txt", "base:\nconfig: base\ntensor: base\nnn: base tensor\n");
  project.folder.write("tests/support/catch.h", "#pragma once\n#include <catch2/catch.hpp>\n");
  CHECK(project.rules().text == "");
  const auto refused = [&](const std::string& file, const std::string& line, const std::string& rule) {
    const Project other;
    other.folder.write(file, line + "\n");
    check_says(other, file + ":1: " + rule);
  };
  refused("framework/nn/a.cpp", "#include <Eigen/Core>", "Eigen is included in framework/tensor alone");
  refused("tools/regard/a.cpp", "# include <dnnl.hpp>", "oneDNN is included in framework/tensor alone");
  refused("framework/nn/a.cpp", "#include <yaml-cpp/yaml.h>", "yaml-cpp is included in framework/config alone");
  refused("tests/nn/a_test.cpp", "#include <catch2/catch.hpp>",
          "Catch2 is included in tests/support alone; include \"tests/support/catch.h\"");
  refused("framework/nn/a.cpp", "  #pragma omp parallel for",
          "OpenMP is used in framework/base/parallel.cpp alone; call parallel_for");
  refused("framework/tensor/simd/a.inl", "  _tile_loadconfig(&config);",
          "tile intrinsics do not tell the compiler what they read; call the functions of tiles.inl");
}

TEST_CASE("rules: a public header includes fmt and no other library") {
  const Project project;
  project.folder.write("framework/nn/a.h",
                       "#pragma once\n#include <fmt/format.h>\n#include <nlohmann/json.hpp>\n");
  check_says(project, "framework/nn/a.h:3: a public header includes fmt and no other library");
}

TEST_CASE("rules: using namespace at file scope and a header without its pragma are refused") {
  const Project project;
  project.folder.write("tools/regard/a.cpp",
                       "void f() {\n  using namespace std::literals;\n}\nusing namespace std;\n");
  project.folder.write("bench/b.h", "// a header\n#pragma once\n");
  check_says(project,
             "tools/regard/a.cpp:4: no \"using namespace\" at file scope\n"
             "bench/b.h:1: a header begins with #pragma once");
}

TEST_CASE("rules: a source with its own header has its test at the mirrored path") {
  const Project project;
  project.folder.write("framework/nn/cells/gate.h", "#pragma once\n");
  project.folder.write("framework/nn/cells/gate.cpp", "int gate;\n");
  project.folder.write("framework/nn/cells/gate_avx2.cpp", "int part;\n");  // of gate.h
  check_says(project, "framework/nn/cells/gate.cpp: has no test at tests/nn/cells/gate_test.cpp");
  project.folder.write("tests/nn/cells/gate_test.cpp", "int test;\n");
  CHECK(project.rules().text == "");
}

TEST_CASE("rules: a file over 350 lines says why in its first comment") {
  const Project project;
  const auto lines = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "int x;\n";
    return text;
  };
  project.folder.write("framework/nn/long.cpp", lines(350));
  CHECK(project.rules().text == "");
  project.folder.write(
      "framework/nn/table.h",
      "#pragma once\n// Values.\n// Over 350 lines: one table, read from its top.\n" + lines(348));
  CHECK(project.rules().text == "");
  project.folder.write("framework/nn/long.cpp", lines(351));
  project.folder.write("tests/nn/late_test.cpp",
                       "// Cases.\n\n// Over 350 lines: too late to be seen.\n" + lines(348));
  const std::string rest = " lines: split it, or say why not in its first comment, \"Over 350 lines: ...\"";
  check_says(project, "framework/nn/long.cpp: 351" + rest + "\ntests/nn/late_test.cpp: 351" + rest);
}

TEST_CASE("rules: the subject of a commit after a given one has at most 72 characters") {
  const Project project;
  const std::string git =
      "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false -C " + project.folder.path().string() + " ";
  const auto commit = [&](const std::string& subject) {
    const Said said = shell(git + "commit -q --allow-empty -m '" + subject + "'");
    CHECK(said.text == "");
  };
  const auto rules = [&](const std::string& since) {
    return shell("REGARD_SUBJECTS_SINCE=" + since + " " + kRules + " " + project.folder.path().string());
  };
  CHECK(shell(git + "init -q").code == 0);
  commit(std::string(73, 'a'));
  commit(std::string(72, 'b'));
  CHECK(rules("HEAD~1").text == "");
  CHECK(rules("0123456789abcdef").text == "");  // a shallow clone does not have it
  commit(std::string(73, 'c'));
  const Said said = rules("HEAD~2");
  CHECK_THAT(said.text, StartsWith("commit "));
  CHECK_THAT(said.text, EndsWith(": its subject has 73 characters, at most 72: " + std::string(73, 'c') + "\n"));
  CHECK(said.code == 1);
}

TEST_CASE("rules: a script that does not parse is refused") {
  const Project project;
  project.folder.write("tools/broken", "#!/usr/bin/env bash\nif true; then\n");
  const Said said = project.rules();
  CHECK_THAT(said.text, StartsWith("tools/broken: line 3: syntax error"));
  CHECK(said.code == 1);
}

}  // namespace
}  // namespace regard::test
