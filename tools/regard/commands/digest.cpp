// regard digest FOLDER: prints one hash over all result files (docs/run-folder.md). Equal results give an equal
// hash.
#include <fmt/format.h>

#include "framework/runs/digest.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int digest(const Words& words) {
  Arguments arguments("digest", "digest FOLDER [--files]");
  arguments.positional("folder", "a run folder", 1);
  arguments.options()("files", "also print the hash of each file");
  if (!arguments.parse(words)) return 0;
  const auto found = runs::digest_of(arguments.required("folder"));
  if (arguments.has("files")) {
    for (const auto& [file, hash] : found.files) fmt::print("{}  {}\n", hash, file);
  }
  fmt::print("{}\n", found.digest);
  return 0;
}

}  // namespace regard::cli
