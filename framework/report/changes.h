#pragma once
// What moved between two run folders: each system that both have, on each test set whose sentences are the same,
// by the statistics of the report (comparisons.h), seed with seed.
#include <string>

#include "framework/report/analysis.h"

namespace regard::report {

// For a terminal: a sentence a system and test set, the table, what only one folder has, and the plan's lines that
// differ. `old_name` and `new_name` are what the folders are called in sentences. Ends with a newline.
[[nodiscard]] std::string changes(const Results& before, const Results& after, const std::string& old_name,
                                  const std::string& new_name);

}  // namespace regard::report
