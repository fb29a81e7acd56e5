// regard clean FOLDER: lists the files that the plan of a run folder does not need; with --yes it removes them.
#include "framework/experiment/upkeep/clean.h"

#include <fmt/format.h>

#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int clean(const Words& words) {
  Arguments arguments("clean", "clean FOLDER [--yes]");
  arguments.positional("folder", "a run folder", 1);
  arguments.options()("yes", "remove the listed files");
  if (!arguments.parse(words)) return 0;
  const std::string folder = arguments.required("folder");
  const auto leftovers = experiment::leftovers_in(folder);
  std::uintmax_t bytes = 0;
  for (const auto& item : leftovers) {
    fmt::print("{}: {} ({:.1f} MB)\n", item.path.string(), item.why, static_cast<double>(item.bytes) / 1e6);
    bytes += item.bytes;
  }
  if (leftovers.empty()) {
    fmt::print("{}: nothing to remove\n", folder);
  } else if (arguments.has("yes")) {
    experiment::remove_leftovers(folder, leftovers);
    fmt::print("removed: {:.1f} MB\n", static_cast<double>(bytes) / 1e6);
  } else {
    fmt::print("{:.1f} MB in all; nothing is removed without --yes\n", static_cast<double>(bytes) / 1e6);
  }
  return 0;
}

}  // namespace regard::cli
