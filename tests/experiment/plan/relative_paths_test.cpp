// tests/cli/paths_test.cpp moves plans and folders with the program.
#include "framework/experiment/plan/relative_paths.h"

#include "framework/config/write.h"
#include "framework/experiment/plan/plan.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {

TEST_CASE("relative_paths: they start at the plan's folder and those of a run folder's plan where it says") {
  const test::TempFolder folder;
  CHECK(folder_of_plan(folder / "plan.yaml") == folder.path());
  make_folder(folder / "runs/x");
  write_file(folder / "runs/x/plan.folder", "../../configs\n");
  const Path found = folder_of_plan(folder / "runs/x/plan.resolved.yaml");
  CHECK(std::filesystem::weakly_canonical(found) == std::filesystem::weakly_canonical(folder / "configs"));
  CHECK(std::filesystem::weakly_canonical(folder_of_plan(folder / "runs/x/plan.yaml")) ==
        std::filesystem::weakly_canonical(folder / "configs"));
}

TEST_CASE("relative_paths: the text of plan.folder leads from the run folder to the plan") {
  CHECK(plan_folder_text("/a/runs/x", "/a/configs") == "../../configs\n");
  CHECK(folder_of_plan("no/such/plan.yaml") == "no/such");
}

TEST_CASE("relative_paths: a path from another file is rewritten and others stay") {
  const auto moved = [](const std::string& path, const std::string& from) {
    config::Node root = config::parse_yaml("decoding: {dictionary: " + path + "}\n", from);
    root = with_paths_from(std::move(root), "/plans/child", plan_rows());
    return root.find("decoding.dictionary")->scalar;
  };
  CHECK(moved("words.txt", "/plans/child/p.yaml") == "words.txt");
  CHECK(moved("words.txt", "/plans/base.yaml") == "../words.txt");
  CHECK(moved("../words.txt", "/plans/base/p.yaml") == "../words.txt");
  CHECK(moved("/data/words.txt", "/plans/base.yaml") == "/data/words.txt");
  CHECK(moved("'${HOME}/words.txt'", "/plans/base.yaml") == "${HOME}/words.txt");
  CHECK(moved("'${WORDS:-words.txt}'", "/plans/base.yaml") == "${WORDS:-../words.txt}");
}

}  // namespace regard::experiment
