#pragma once
// Computes scores by source length (Bahdanau et al. 2015, fig. 2; Luong et al. 2015, fig. 6), by how rare the words of
// the reference are, and by how much the word order differs.
#include <string>
#include <vector>

#include "framework/report/analysis/comparisons.h"

namespace regard::report {

// Returns one number for each sentence; empty if the folder does not have it.
[[nodiscard]] std::vector<double> values_of(Property property, const Results& results, const TestSet& test);

// Splits the test set by each known property, into at most six buckets of about equal size; by source length into the
// plan's `report.length_buckets` if it has some. Sentences with equal values stay together. Scores each system's
// finished runs in each bucket, with BLEU of `tokenizer` (from the given statistics) and with chrF2. Skips a property
// with one value for all sentences, except source length.
[[nodiscard]] std::vector<BucketSet> cut(const Results& results, const TestSet& test,
                                         const std::vector<SystemSummary>& systems, const std::string& tokenizer,
                                         const RunStatistics& statistics);

// Returns the range of a bucket in the property's unit: "3–7", "40 and more", "8.5–12.5 %".
[[nodiscard]] std::string range_text(Property property, const ScoreBucket& bucket);
[[nodiscard]] const char* name_of(Property property);  // "source length"
// Returns the start of a file's or table's name: "length", "rarest", "order".
[[nodiscard]] const char* id_of(Property property);

// The lengths of a test set's source sentences, counted in their text and so independent of the model's tokeniser:
// words between spaces, or characters if the source is written without spaces.
struct Lengths {
  const char* unit = "words";
  std::vector<Index> of;  // one for each sentence
};
[[nodiscard]] Lengths source_lengths(const TestSet& test);

}  // namespace regard::report
