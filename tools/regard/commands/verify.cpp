// regard verify FOLDER: computes hashes, checksums of checkpoints, scores and the report's numbers again, and
// compares them with the recorded ones.
#include "framework/experiment/upkeep/verify.h"

#include <fmt/format.h>

#include "framework/base/errors.h"
#include "framework/report/formats/recheck.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {
namespace {

// Recomputes the numbers of the report. If damaged files of the runs prevent this, that is one more disagreement.
report::Recheck report_of(const std::string& folder) {
  try {
    return report::recheck(folder);
  } catch (const Error& error) {
    return {.exists = true, .disagreements = {error.what()}};
  }
}

}  // namespace

int verify(const Words& words) {
  Arguments arguments("verify", "verify FOLDER");
  arguments.positional("folder", "a run folder", 1);
  if (!arguments.parse(words)) return 0;
  const std::string folder = arguments.required("folder");
  auto found = experiment::verify(folder);
  const auto tune = runs::RunFolder{folder}.tune();
  if (std::filesystem::exists(runs::RunFolder{tune}.resolved_plan())) {
    const auto more = experiment::verify(tune);
    found.hashes += more.hashes;
    found.checkpoints += more.checkpoints;
    found.scores += more.scores;
    found.disagreements.insert(found.disagreements.end(), more.disagreements.begin(), more.disagreements.end());
  }
  const report::Recheck numbers = report_of(folder);
  found.disagreements.insert(found.disagreements.end(), numbers.disagreements.begin(),
                             numbers.disagreements.end());
  for (const std::string& disagreement : found.disagreements) fmt::print("{}\n", disagreement);
  const std::size_t disagree = found.disagreements.size();
  fmt::print("{} hashes, {} checkpoints, {} scores and {} computed again: {}\n", found.hashes, found.checkpoints,
             found.scores, numbers.exists ? fmt::format("{} numbers of the report", numbers.numbers) : "no report",
             disagree == 0 ? "all agree" : fmt::format("{} disagree", disagree));
  if (!numbers.disagreements.empty()) {
    fmt::print("`regard report {}` makes the report again from the files of the runs\n", folder);
  }
  return disagree == 0 ? 0 : 1;
}

}  // namespace regard::cli
