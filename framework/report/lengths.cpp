#include "framework/report/lengths.h"

#include <algorithm>
#include <functional>

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/buckets.h"

namespace regard::report {
namespace {

double score_of(const evaluation::Metric& metric, const evaluation::Statistics& rows,
                const std::vector<Index>& segments) {
  std::vector<double> sum(static_cast<std::size_t>(rows.width), 0.0);
  for (const Index segment : segments) {
    const auto row = rows.row(segment);
    std::transform(sum.begin(), sum.end(), row.begin(), sum.begin(), std::plus<>());
  }
  return metric.score(sum);
}

}  // namespace

Index count_tokens(const std::string& line) {
  return line.empty() ? 0 : 1 + static_cast<Index>(std::count(line.begin(), line.end(), ' '));
}

std::vector<LengthBucket> bleu_by_length(const TestSet& test, const std::vector<SystemSummary>& systems,
                                         const std::string& tokenizer, const RunStatistics& statistics,
                                         Index most) {
  std::vector<double> lengths;
  for (const std::string& line : test.source_tokens) lengths.push_back(static_cast<double>(count_tokens(line)));
  if (lengths.empty()) return {};
  const std::vector<evaluation::Bucket> cuts = evaluation::equal_buckets(lengths, most);
  std::vector<LengthBucket> buckets;
  for (const evaluation::Bucket& cut : cuts) {
    LengthBucket bucket{static_cast<Index>(cut.from),
                        static_cast<Index>(cut.to),
                        static_cast<Index>(cut.segments.size()),
                        0,
                        {},
                        {}};
    for (const Index segment : cut.segments) bucket.mean_length += lengths[static_cast<std::size_t>(segment)];
    bucket.mean_length /= static_cast<double>(bucket.sentences);
    buckets.push_back(std::move(bucket));
  }
  evaluation::BleuOptions options;
  options.tokenizer = evaluation::tokenizer_named(tokenizer);
  const evaluation::Bleu bleu(options);
  for (const SystemSummary& system : systems) {
    evaluation::Runs runs;
    for (const Run* run : system.finished) {
      if (statistics.count(run) > 0) runs.push_back(&statistics.at(run));
    }
    const std::vector<evaluation::BucketScore> scored =
        runs.empty() ? std::vector<evaluation::BucketScore>(cuts.size()) : bucket_scores(bleu, runs, cuts);
    for (std::size_t b = 0; b < cuts.size(); ++b) {
      std::vector<double> scores;
      for (const evaluation::Statistics* run : runs) scores.push_back(score_of(bleu, *run, cuts[b].segments));
      buckets[b].bleu.push_back(spread(scores));
      buckets[b].of_sentences.push_back({scored[b].low, scored[b].high});
    }
  }
  return buckets;
}

}  // namespace regard::report
