// Killed at any moment and started again, a plan ends as one that was never interrupted: tools/torture in short.
#include <fmt/format.h>

#include <random>

#include "tests/cli/program.h"
#include "tests/support/catch.h"
#include "tools/torture/torture.h"

namespace regard::test {

TEST_CASE("regard run: killed at random moments it ends with the digest of one never interrupted", "[cli]") {
  const TempFolder folder;
  torture::Settings settings{.program = REGARD_PROGRAM, .folder = folder.path(), .kills = 16};
  settings.seed = std::random_device{}();
  INFO("seed " << settings.seed);
  std::string said;
  const torture::Outcome outcome =
      torture::torture(settings, [&](const std::string& line) { said += line + "\n"; });
  INFO(said);
  INFO(fmt::format("{}", fmt::join(outcome.differences, "\n")));
  CHECK(outcome.kills == 16);
  CHECK(outcome.rounds >= 1);
  CHECK(outcome.differences.empty());
  CHECK(outcome.all_places_hit());
}

}  // namespace regard::test
