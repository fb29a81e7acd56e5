// torture [--kills N] [--seed N] [--plan FILE] [--folder FOLDER]: kills a small plan at random moments, N times, and
// prints where it died and which results differ from an uninterrupted run's.
//
// torture --edits N [--seed N] [--folder FOLDER]: edits a finished plan at random, N times, and prints which results
// differ from a fresh run's.
#include <fmt/format.h>
#include <stdlib.h>

#include <cstdio>
#include <exception>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tools/torture/edits.h"
#include "tools/torture/torture.h"

namespace {

void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

// Removes a folder of our own after a success, and returns the exit code.
int end(bool good, bool mine, const std::filesystem::path& folder) {
  if (mine && good) std::filesystem::remove_all(folder);
  if (!good) fmt::print("the files are in {}\n", folder.string());
  return good ? 0 : 1;
}

int edits(const regard::torture::EditSettings& settings, bool mine) {
  const auto outcome = regard::torture::edit(settings, say);
  fmt::print("\n{} edits, {} of them with --retrain, {} differences\n", outcome.edits, outcome.retrained,
             outcome.differences.size());
  for (const auto& [what, count] : outcome.counts) fmt::print("  {:<30} {:4}\n", what, count);
  for (const std::string& line : outcome.differences) fmt::print("  {}\n", line);
  return end(outcome.differences.empty(), mine, settings.folder);
}

int run(int argc, char** argv) {
  regard::torture::Settings settings;
  regard::Index edit_count = 0;
  settings.program = REGARD_PROGRAM;
  for (int at = 1; at + 1 < argc; at += 2) {
    const std::string word = argv[at];
    if (word == "--kills") settings.kills = std::stol(argv[at + 1]);
    if (word == "--edits") edit_count = std::stol(argv[at + 1]);
    if (word == "--seed") settings.seed = std::stoul(argv[at + 1]);
    if (word == "--plan") settings.plan = regard::read_file(argv[at + 1]);
    if (word == "--folder") settings.folder = argv[at + 1];
  }
  const bool mine = settings.folder.empty();
  if (mine) {
    std::string name = (std::filesystem::temp_directory_path() / "torture-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw regard::FolderError(name + ": cannot be created");
    settings.folder = name;
  }
  if (edit_count > 0) {
    return edits(
        {.program = settings.program, .folder = settings.folder, .edits = edit_count, .seed = settings.seed},
        mine);
  }
  const auto outcome = regard::torture::torture(settings, say);
  fmt::print("\n{} kills in {} starts, {} plans brought to their end, {} differences\n", outcome.kills,
             outcome.starts, outcome.rounds, outcome.differences.size());
  for (const auto& [place, count] : outcome.landed) fmt::print("  {:<8} {:4}\n", place, count);
  for (const std::string& line : outcome.differences) fmt::print("  {}\n", line);
  const bool good = outcome.differences.empty() && outcome.all_places_hit();
  return end(good, mine, settings.folder);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr,
               "error: {}; usage: torture [--kills N | --edits N] [--seed N] [--plan FILE] [--folder FOLDER]\n",
               error.what());
    return 2;
  }
}
