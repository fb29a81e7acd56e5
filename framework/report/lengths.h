#pragma once
// BLEU by source length: the figure of Bahdanau et al. (2015, fig. 2) and Luong et al. (2015, fig. 6).
#include <string>
#include <vector>

#include "framework/report/comparisons.h"

namespace regard::report {

// Cuts the sentences of `test` into at most `most` buckets of about equal count by the number of source tokens;
// sentences of one length stay together. Scores each system's finished runs in each with BLEU of `tokenizer`,
// whose statistics are given.
[[nodiscard]] std::vector<LengthBucket> bleu_by_length(const TestSet& test,
                                                       const std::vector<SystemSummary>& systems,
                                                       const std::string& tokenizer,
                                                       const RunStatistics& statistics, Index most);

// Tokens in a line of tokens separated by one space.
[[nodiscard]] Index count_tokens(const std::string& line);

}  // namespace regard::report
