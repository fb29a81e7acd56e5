#pragma once
// `regard score --ref REF HYP...`: BLEU, chrF and TER of files, and the significance of their differences.
#include <iosfwd>
#include <string>
#include <vector>

namespace regard::cli {

// `args` is what follows `score` on the command line. Scores go to `out`, warnings to `err`; returns the exit
// code. ConfigError for a wrong option, DataError for a file that cannot be scored.
int score(const std::vector<std::string>& args, std::ostream& out, std::ostream& err);

}  // namespace regard::cli
