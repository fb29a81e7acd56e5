#pragma once
// Computes scores by a property of the sentence: its source length (the figures of Bahdanau et al. 2015 and Luong et
// al. 2015), how rare its words are, how much its word order differs. The caller gives one number for each segment.
#include <span>
#include <vector>

#include "framework/evaluation/comparison.h"

namespace regard::evaluation {

struct Bucket {
  double from = 0;  // the smallest and the largest possible value; infinite at an open end
  double to = 0;
  std::vector<Index> segments;  // positions, increasing
};

// Returns the buckets (-inf, bounds[0]], (bounds[0], bounds[1]], …, (last, inf). `bounds` must increase. Empty buckets
// are kept, so that systems and test sets can be compared.
[[nodiscard]] std::vector<Bucket> fixed_buckets(std::span<const double> values, std::span<const double> bounds);

// Returns at most `count` buckets with about equal numbers of segments. Segments with equal values stay together.
// `from` and `to` are values of segments.
[[nodiscard]] std::vector<Bucket> equal_buckets(std::span<const double> values, Index count);

struct BucketScore {
  double from = 0, to = 0;
  Index segments = 0;
  double score = 0;                 // of the bucket as a corpus, mean over the seeds
  std::vector<double> scores = {};  // one for each seed
  double low = 0,
         high = 0;  // 95 % percentile interval over resampled sentences; for these models, not the method
};

// Scores the buckets. `runs` are the statistics of one system, one for each seed. Empty buckets have score 0 and
// interval [0, 0].
[[nodiscard]] std::vector<BucketScore> bucket_scores(const Metric& metric, const Runs& runs,
                                                     std::span<const Bucket> buckets,
                                                     const ComparisonOptions& options = {});

// Returns the number of words, separated by white space, of each line (the source length).
[[nodiscard]] std::vector<double> word_counts(const Lines& lines);

}  // namespace regard::evaluation
