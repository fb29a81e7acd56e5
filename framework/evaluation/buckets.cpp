#include "framework/evaluation/buckets.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/evaluation/resampling.h"
#include "framework/evaluation/text.h"

namespace regard::evaluation {
namespace {

Statistics rows_of(const Statistics& all, const std::vector<Index>& segments) {
  Statistics out{all.width, {}};
  out.values.reserve(segments.size() * static_cast<std::size_t>(all.width));
  for (const Index segment : segments) {
    const std::span<const double> row = all.row(segment);
    out.values.insert(out.values.end(), row.begin(), row.end());
  }
  return out;
}

BucketScore score_of(const Metric& metric, const Runs& runs, const Bucket& bucket,
                     const ComparisonOptions& options) {
  BucketScore out;
  out.from = bucket.from;
  out.to = bucket.to;
  out.segments = static_cast<Index>(bucket.segments.size());
  if (bucket.segments.empty()) return out;
  std::vector<Statistics> parts;
  for (const Statistics* run : runs) parts.push_back(rows_of(*run, bucket.segments));
  Runs seeds;
  for (const Statistics& part : parts) seeds.push_back(&part);

  std::vector<double> means(static_cast<std::size_t>(options.samples), 0.0);
  for (const std::vector<double>& scores : bootstrap_scores(metric, seeds, options.samples, options.seed)) {
    for (std::size_t i = 0; i < means.size(); ++i) means[i] += scores[i] / static_cast<double>(seeds.size());
  }
  for (const Statistics& part : parts) {
    out.scores.push_back(metric.score(part.sum()));
    out.score += out.scores.back() / static_cast<double>(parts.size());
  }
  const Interval interval = percentile_interval(std::move(means));
  out.low = interval.low;
  out.high = interval.high;
  return out;
}

}  // namespace

std::vector<Bucket> fixed_buckets(std::span<const double> values, std::span<const double> bounds) {
  check(std::is_sorted(bounds.begin(), bounds.end(), std::less_equal<>()), "fixed_buckets: bounds increase");
  constexpr double infinite = std::numeric_limits<double>::infinity();
  std::vector<Bucket> buckets(bounds.size() + 1);
  for (std::size_t b = 0; b < buckets.size(); ++b) {
    buckets[b].from = b == 0 ? -infinite : bounds[b - 1];
    buckets[b].to = b == bounds.size() ? infinite : bounds[b];
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto bound = std::lower_bound(bounds.begin(), bounds.end(), values[i]) - bounds.begin();
    buckets[static_cast<std::size_t>(bound)].segments.push_back(static_cast<Index>(i));
  }
  return buckets;
}

std::vector<Bucket> equal_buckets(std::span<const double> values, Index count) {
  check(count > 0, "equal_buckets: at least one bucket");
  std::vector<Index> order(values.size());
  std::iota(order.begin(), order.end(), Index{0});
  const auto value = [&](Index segment) { return values[static_cast<std::size_t>(segment)]; };
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return value(a) < value(b); });

  std::vector<Bucket> buckets;
  const auto total = static_cast<Index>(order.size());
  Index begin = 0;
  while (begin < total) {
    const Index left = count - static_cast<Index>(buckets.size());
    Index end = left <= 1 ? total : begin + std::max<Index>(1, (total - begin) / left);
    while (end < total &&
           value(order[static_cast<std::size_t>(end)]) == value(order[static_cast<std::size_t>(end - 1)]))
      ++end;
    Bucket bucket;
    bucket.segments.assign(order.begin() + begin, order.begin() + end);
    bucket.from = value(bucket.segments.front());
    bucket.to = value(bucket.segments.back());
    std::sort(bucket.segments.begin(), bucket.segments.end());
    buckets.push_back(std::move(bucket));
    begin = end;
  }
  return buckets;
}

std::vector<BucketScore> bucket_scores(const Metric& metric, const Runs& runs, std::span<const Bucket> buckets,
                                       const ComparisonOptions& options) {
  std::vector<BucketScore> out;
  for (const Bucket& bucket : buckets) out.push_back(score_of(metric, runs, bucket, options));
  return out;
}

std::vector<double> word_counts(const Lines& lines) {
  std::vector<double> out;
  for (const std::string& line : lines) out.push_back(static_cast<double>(split(line).size()));
  return out;
}

}  // namespace regard::evaluation
