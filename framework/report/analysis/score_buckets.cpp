#include "framework/report/analysis/score_buckets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/buckets.h"
#include "framework/evaluation/chrf.h"
#include "framework/evaluation/text.h"
#include "framework/report/analysis/diff_tokens.h"

namespace regard::report {
namespace {

constexpr Index kMost = 6;  // enough points for a curve, with a sixth of the sentences each

struct Words {
  Property property;
  const char* id;
  const char* name;
  const char* unit;
};
constexpr Words kWords[] = {
    {Property::source_length, "length", "source length", ""},  // its unit is given by source_lengths()
    {Property::rarest_word, "rarest", "rarest word of the reference", "rank in the vocabulary"},
    {Property::word_order, "order", "difference in word order", "% of links crossing"}};

const Words& words_of(Property property) { return kWords[static_cast<std::size_t>(property)]; }

std::vector<double> rarest_words(const std::vector<std::string>& vocabulary, const TestSet& test) {
  if (vocabulary.empty()) return {};
  std::unordered_map<std::string, double> place;
  for (std::size_t i = 0; i < vocabulary.size(); ++i) place.emplace(vocabulary[i], static_cast<double>(i + 1));
  const auto unknown = static_cast<double>(vocabulary.size() + 1);
  std::vector<double> values;
  for (const std::string& line : test.target_tokens) {
    double rarest = 0;
    for (std::size_t begin = 0; begin < line.size();) {
      const std::size_t end = std::min(line.find(' ', begin), line.size());
      const auto found = place.find(line.substr(begin, end - begin));
      rarest = std::max(rarest, found == place.end() ? unknown : found->second);
      begin = end + 1;
    }
    values.push_back(rarest);
  }
  return values;
}

double mean_of(const std::vector<double>& values, const std::vector<Index>& segments) {
  double sum = 0;
  for (const Index segment : segments) sum += values[static_cast<std::size_t>(segment)];
  return segments.empty() ? std::nan("") : sum / static_cast<double>(segments.size());
}

// Fills one metric of the buckets.
void score(const evaluation::Metric& metric, const std::vector<SystemSummary>& systems,
           const RunStatistics& statistics, const std::vector<evaluation::Bucket>& cuts,
           std::vector<ScoreBucket>& buckets, std::vector<Spread> ScoreBucket::*scores,
           std::vector<evaluation::Interval> ScoreBucket::*intervals) {
  for (const SystemSummary& system : systems) {
    evaluation::Runs runs;
    for (const Run* run : system.finished) {
      if (statistics.count(run) > 0) runs.push_back(&statistics.at(run));
    }
    const std::vector<evaluation::BucketScore> scored =
        runs.empty() ? std::vector<evaluation::BucketScore>(cuts.size()) : bucket_scores(metric, runs, cuts);
    for (std::size_t b = 0; b < cuts.size(); ++b) {
      std::vector<double> of_runs;
      for (const double value : scored[b].scores) of_runs.push_back(value);
      (buckets[b].*scores).push_back(spread(cuts[b].segments.empty() ? std::vector<double>() : of_runs));
      (buckets[b].*intervals).push_back({scored[b].low, scored[b].high});
    }
  }
}

}  // namespace

const char* name_of(Property property) { return words_of(property).name; }
const char* id_of(Property property) { return words_of(property).id; }

Lengths source_lengths(const TestSet& test) {
  Lengths lengths;
  const bool unspaced = writes_no_spaces(test.source);
  if (unspaced) lengths.unit = "characters";
  for (const std::string& line : test.source) {
    lengths.of.push_back(
        static_cast<Index>(unspaced ? diff_tokens_of(line).size() : evaluation::split(line).size()));
  }
  return lengths;
}

std::vector<double> values_of(Property property, const Results& results, const TestSet& test) {
  std::vector<double> values;
  if (property == Property::rarest_word) return rarest_words(results.target_vocabulary, test);
  if (property == Property::source_length) {
    for (const Index length : source_lengths(test).of) values.push_back(static_cast<double>(length));
  } else {
    for (const evaluation::GoldAlignment& gold : test.alignment)
      values.push_back(100 * evaluation::crossing_share(gold.possible));
  }
  return values;
}

std::vector<BucketSet> cut(const Results& results, const TestSet& test, const std::vector<SystemSummary>& systems,
                           const std::string& tokenizer, const RunStatistics& statistics) {
  evaluation::BleuOptions options;
  options.tokenizer = evaluation::tokenizer_named(tokenizer);
  const evaluation::Bleu bleu(options);
  const evaluation::Chrf chrf;
  RunStatistics chrf_statistics;
  for (const SystemSummary& system : systems) {
    for (const Run* run : system.finished) {
      if (const auto* lines = run->lines(test.name))
        chrf_statistics.emplace(run, chrf.statistics(*lines, {test.target}));
    }
  }
  std::vector<BucketSet> sets;
  for (const Words& words : kWords) {
    const std::vector<double> values = values_of(words.property, results, test);
    if (values.empty()) continue;
    const bool length = words.property == Property::source_length;
    const std::vector<double>& bounds = results.plan.length_buckets;
    std::vector<evaluation::Bucket> cuts = length && !bounds.empty() ? evaluation::fixed_buckets(values, bounds)
                                                                     : evaluation::equal_buckets(values, kMost);
    if (!length && cuts.size() < 2) continue;
    BucketSet set{words.property, {}, length ? source_lengths(test).unit : words.unit};
    for (const evaluation::Bucket& one : cuts) {
      set.buckets.push_back({one.from,
                             one.to,
                             length && !bounds.empty(),
                             static_cast<Index>(one.segments.size()),
                             mean_of(values, one.segments),
                             {},
                             {},
                             {},
                             {}});
    }
    score(bleu, systems, statistics, cuts, set.buckets, &ScoreBucket::bleu, &ScoreBucket::bleu_interval);
    score(chrf, systems, chrf_statistics, cuts, set.buckets, &ScoreBucket::chrf, &ScoreBucket::chrf_interval);
    sets.push_back(std::move(set));
  }
  return sets;
}

std::string range_text(Property property, const ScoreBucket& bucket) {
  const int digits = property == Property::word_order ? 1 : 0;
  const double from = bucket.after ? bucket.from + 1 : bucket.from;  // only happens with whole numbers
  if (std::isinf(bucket.from)) return fmt::format("up to {}", fixed(bucket.to, digits));
  if (std::isinf(bucket.to)) return fmt::format("{} and more", fixed(from, digits));
  if (from == bucket.to) return fixed(from, digits);
  return fmt::format("{}–{}", fixed(from, digits), fixed(bucket.to, digits));
}

}  // namespace regard::report
