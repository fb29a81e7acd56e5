// Reads every plan of configs/ and experiments/ with the current defaults and rules.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "framework/base/files.h"
#include "framework/experiment/plan/plan.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

namespace fs = std::filesystem;

// Returns the plans without plug-ins; test_tooling builds the plug-ins of the others and runs them.
std::vector<std::string> shipped_plans() {
  std::vector<std::string> found;
  for (const char* folder : {"/configs", "/experiments"}) {
    for (const auto& entry : fs::recursive_directory_iterator(std::string(REGARD_SOURCE_DIR) + folder)) {
      const std::string path = entry.path().string();
      if (entry.path().extension() != ".yaml" || path.find("/build/") != std::string::npos) continue;
      if (read_file(path).find("\nplugins:") == std::string::npos) found.push_back(path);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("plan: every shipped plan is valid") {
  const std::vector<std::string> plans = shipped_plans();
  REQUIRE(plans.size() >= 8);
  for (const std::string& path : plans) {
    INFO(path);
    CHECK_NOTHROW(static_cast<void>(read_plan(path)));
  }
}

}  // namespace regard::experiment
