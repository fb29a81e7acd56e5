// Kills a plan at random moments and compares its results with those of an uninterrupted one: a short
// tools/torture.
#include <fmt/format.h>

#include <random>

#include "tests/cli/program.h"
#include "tests/support/catch.h"
#include "tools/torture/torture.h"

namespace regard::test {

TEST_CASE("regard run: a plan killed at random moments has the digest of an uninterrupted one", "[cli]") {
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
