#pragma once
// Writes translations side by side and marks the words that differ from the reference.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

// Returns `hypothesis` as HTML. Words that are not in the longest common subsequence with `reference` are inside
// <mark>. Nothing is marked if a side has more than 400 words.
[[nodiscard]] std::string marked_words(const std::string& hypothesis, const std::string& reference);

// Returns `count` sentences that are evenly spaced in a test set, so that the choice favours no system.
[[nodiscard]] std::vector<Index> evenly_spread(Index sentences, Index count);

// Returns one sentence as HTML: source, reference, and the translation of each system with a finished run (first seed).
[[nodiscard]] std::string sample_html(const Analysis& analysis, const TestSet& test, Index sentence);

}  // namespace regard::report
