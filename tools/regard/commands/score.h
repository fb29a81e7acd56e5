#pragma once
// `regard score --ref REF HYP...` computes BLEU, chrF and TER of files, and the significance of their differences.
#include <iosfwd>
#include <string>
#include <vector>

namespace regard::cli {

// `args` are the words after `score` on the command line. Writes scores to `out` and warnings to `err`, and
// returns the exit code. ConfigError for a wrong option, DataError for a file that cannot be scored.
int score(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

}  // namespace regard::cli
