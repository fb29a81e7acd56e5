#pragma once
// Translations side by side, with the words that differ from the reference marked.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

// `hypothesis` as HTML: its words that are in no longest common subsequence with `reference` are inside <mark>.
// Over 400 words a side nothing is marked.
[[nodiscard]] std::string marked_words(const std::string& hypothesis, const std::string& reference);

// `count` sentences of a test set spread evenly over it, so that nobody picked them.
[[nodiscard]] std::vector<Index> evenly_spread(Index sentences, Index count);

// One sentence: source, reference, and what each system with a finished run wrote (its first seed).
[[nodiscard]] std::string sample_html(const Analysis& analysis, const TestSet& test, Index sentence);

}  // namespace regard::report
