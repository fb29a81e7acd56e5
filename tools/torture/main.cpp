// torture [--kills N] [--seed N] [--plan FILE] [--folder FOLDER]: kills a small plan at random moments, N times,
// and says where it died and whether the results differ from those of a plan that ran in one go.
#include <fmt/format.h>
#include <stdlib.h>

#include <cstdio>
#include <exception>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tools/torture/torture.h"

namespace {

int run(int argc, char** argv) {
  regard::torture::Settings settings;
  settings.program = REGARD_PROGRAM;
  for (int at = 1; at + 1 < argc; at += 2) {
    const std::string word = argv[at];
    if (word == "--kills") settings.kills = std::stol(argv[at + 1]);
    if (word == "--seed") settings.seed = std::stoul(argv[at + 1]);
    if (word == "--plan") settings.plan = regard::read_file(argv[at + 1]);
    if (word == "--folder") settings.folder = argv[at + 1];
  }
  const bool mine = settings.folder.empty();
  if (mine) {
    std::string name = (std::filesystem::temp_directory_path() / "torture-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw regard::FolderError(name + ": cannot be made");
    settings.folder = name;
  }
  const auto outcome = regard::torture::torture(settings, [](const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  });
  fmt::print("\n{} kills in {} starts, {} plans brought to their end, {} differences\n", outcome.kills,
             outcome.starts, outcome.rounds, outcome.differences.size());
  for (const auto& [place, count] : outcome.landed) fmt::print("  {:<8} {:4}\n", place, count);
  for (const std::string& line : outcome.differences) fmt::print("  {}\n", line);
  const bool good = outcome.differences.empty() && outcome.all_places_hit();
  if (mine && good) std::filesystem::remove_all(settings.folder);
  if (!good) fmt::print("what was left is in {}\n", settings.folder.string());
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}; usage: torture [--kills N] [--seed N] [--plan FILE] [--folder FOLDER]\n",
               error.what());
    return 2;
  }
}
