// Builds, checks and runs plug-ins with the installed package: the one that `regard new` writes, and those of
// experiments/.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <vector>

#include "tests/support/catch.h"
#include "tests/tooling/installed.h"
#include "tests/tooling/shell.h"

namespace regard::test {
namespace {

const std::string kSource = REGARD_SOURCE_DIR;

// Options that make a plan so small that a run takes a second.
const std::string kSmall =
    " --seeds 1 --set training.epochs=1 --set model.hidden=16 --set model.embedding=8"
    " --set 'data.corpus={type: reverse, train: 40, valid: 8, test: 8, test_long: 4}'";

// Builds the project in `folder`/NAME, checks its variant and runs its plan there.
void build_check_run(const Folder& folder, const std::string& name) {
  const std::string there = with_package() + "cd " + (folder / name) + " && ";
  require_ok(there + "cmake -G Ninja -B build -DCMAKE_PREFIX_PATH=" + prefix() + " && cmake --build build");
  const std::string plugin = " --plugin build/" + name + ".so";
  const std::string table = require_ok(there + "regard check " + name + plugin);
  CHECK_THAT(table, ContainsSubstring(" 0 failed"));
  CHECK_THAT(table, ContainsSubstring("from build/" + name + ".so"));
  const std::string said = require_ok(there + "regard run plan.yaml" + kSmall);
  CHECK_THAT(said, ContainsSubstring("\n" + name + " "));
  CHECK_THAT(said, EndsWith("/report/index.html\n"));
  CHECK_THAT(require_ok(there + "regard attend --model runs/" + name + "/" + name + "/seed-1 'a b c'"),
             ContainsSubstring("</s>\n"));
}

TEST_CASE("plug-ins: the commands that regard new prints build and check and run its plug-in", "[cli]") {
  const Folder folder;
  const std::string here = with_package() + "cd " + folder.path().string() + " && ";
  const std::string said = require_ok(here + "regard new attention my_score");
  // The lines after the blank one are commands; the last is the run, which is too long for a test.
  std::istringstream lines(said.substr(said.find("\n\n") + 2));
  std::string commands;
  for (std::string line; std::getline(lines, line) && line.find("regard run") == std::string::npos;) {
    commands += " && " + line;
  }
  const std::string table = require_ok(here + "true" + commands);
  CHECK_THAT(table, ContainsSubstring("my_score: 18 passed, 0 failed, 3 skipped\n"));
  require_ok(here + "cd my_score && regard run plan.yaml" + kSmall);
}

TEST_CASE("plug-ins: those of the experiments are built and checked and run with the package", "[cli]") {
  for (const std::string name : {"cosine", "sparsemax"}) {
    const Folder folder;
    std::filesystem::copy(kSource + "/experiments/" + name, folder / name);
    build_check_run(folder, name);
  }
}

TEST_CASE("plug-ins: one built with pkg-config passes the checks", "[cli]") {
  const Folder folder;
  require_ok("cd " + folder.path().string() + " && export PKG_CONFIG_PATH=$(dirname $(find " + prefix() +
             " -name regard.pc)) && " REGARD_CXX " -std=c++20 -fPIC -shared " REGARD_SANITIZE_FLAGS " " + kSource +
             "/tests/cli/plugins/good.cpp -o good.so $(pkg-config --cflags --libs regard)");
  CHECK_THAT(require_ok(with_package() + "regard check sample_score --plugin " + (folder / "good.so")),
             ContainsSubstring("sample_score: 18 passed, 0 failed, 3 skipped\n"));
}

TEST_CASE("plug-ins: one that was built with other headers is refused before its code runs", "[cli]") {
  const Folder folder;
  require_ok("cp -r " + prefix() + "/include/regard " + (folder / "headers"));
  const std::string mark = folder / "headers/framework/base/build_mark.h";
  const std::string compile = "cd " + folder.path().string() +
                              " && " REGARD_CXX " -std=c++20 -fPIC -shared -Iheaders " + kSource +
                              "/tests/cli/plugins/good.cpp -o good.so";
  const auto list = [&] {
    return shell(with_package() + "cd " + folder.path().string() + " && regard list attention --plugin good.so");
  };
  require_ok(compile);
  CHECK(list().code == 0);
  require_ok("sed -i 's/REGARD_MARK_OF([0-9a-f]*,/REGARD_MARK_OF(fedcba9876543210,/' " + mark);
  require_ok(compile);
  CHECK(list().code == 2);
  CHECK_THAT(list().text, StartsWith("error: good.so: was built for another version of regard "
                                     "or by another compiler (it needs regard_build_fedcba9876543210_"));
  const Said fast = shell(compile + " -ffast-math");
  CHECK(fast.code != 0);
  CHECK_THAT(fast.text, ContainsSubstring("changes the arithmetic of the whole program"));
}

TEST_CASE("experiments: the plan over all scores can be run", "[cli]") {
  // Without the corpus it fails when the text is read, so its systems have been accepted.
  const Folder folder;
  const Said said = shell(with_package() + "cd " + folder.path().string() + " && MULTI30K=nowhere regard run " +
                          kSource + "/experiments/luong_scores/plan.yaml");
  CHECK(said.code == 2);
  CHECK(said.text ==
        std::string("error: ") + kSource +
            "/experiments/luong_scores/plan.yaml:8:12: data.files.train.1: nowhere/tok/train.en: cannot be "
            "read: no such file or folder\n");
}

TEST_CASE("plug-ins: a score has at most 40 lines and no other file of the project names a variant") {
  const std::string variants = kSource + "/framework/attention/variants";
  for (const std::string score : {"dot", "general", "scaled_dot"}) {
    CHECK(std::stoi(require_ok("wc -l < " + variants + "/" + score + ".cpp")) <= 40);
  }
  CHECK(std::stoi(require_ok("wc -l < " + kSource + "/experiments/cosine/cosine.cpp")) <= 40);
  // A new variant would have to be added to a list: a name in quotes, or a file's name.
  for (const std::string name : {"scaled_dot", "location", "local_m", "local_p", "multi_head", "coverage"}) {
    const Said said =
        shell("cd " + kSource + " && grep -rnE '\"" + name + "\"|" + name +
              "\\.cpp' framework tools cmake CMakeLists.txt --include=*.cpp --include=*.h "
              "--include=*.cmake --include=CMakeLists.txt | grep -v '^framework/attention/variants/" +
              name + ".cpp:'");
    CHECK(said.text == "");
  }
}

}  // namespace
}  // namespace regard::test
