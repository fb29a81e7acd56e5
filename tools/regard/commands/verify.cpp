// regard verify FOLDER: hashes, checkpoints, histories and scores against what the folder says of itself.
#include "framework/experiment/verify.h"

#include <fmt/format.h>

#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int verify(const Words& words) {
  Arguments arguments("verify", "verify FOLDER");
  arguments.positional("folder", "a run folder", 1);
  if (!arguments.parse(words)) return 0;
  const std::string folder = arguments.required("folder");
  auto found = experiment::verify(folder);
  const auto tune = experiment::RunFolder{folder}.tune();
  if (std::filesystem::exists(experiment::RunFolder{tune}.resolved_plan())) {
    const auto more = experiment::verify(tune);
    found.hashes += more.hashes;
    found.checkpoints += more.checkpoints;
    found.scores += more.scores;
    found.disagreements.insert(found.disagreements.end(), more.disagreements.begin(), more.disagreements.end());
  }
  for (const std::string& disagreement : found.disagreements) fmt::print("{}\n", disagreement);
  fmt::print("{} hashes, {} checkpoints and {} scores computed again: {}\n", found.hashes, found.checkpoints,
             found.scores,
             found.disagreements.empty() ? "all agree" : fmt::format("{} disagree", found.disagreements.size()));
  return found.disagreements.empty() ? 0 : 1;
}

}  // namespace regard::cli
