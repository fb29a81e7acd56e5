#pragma once
// Computes every number of a report once, so that its formats cannot disagree. The numbers depend only on the results.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/evaluation/comparison.h"
#include "framework/report/analysis/attention_numbers.h"
#include "framework/report/analysis/interventions.h"
#include "framework/report/analysis/numbers.h"
#include "framework/runs/results.h"

namespace regard::report {

using runs::Results;
using runs::Run;
using runs::RunState;
using runs::TestSet;

// The results of one system over its seeds. A spread is over its finished runs.
struct SystemSummary {
  std::string name;
  bool external = false;             // translations by another program: one "run" without seed and measurements
  std::vector<const Run*> finished;  // in the order of the plan's seeds
  std::map<std::string, std::map<std::string, Spread>> bleu;         // test -> tokeniser -> beam
  std::map<std::string, std::map<std::string, Spread>> greedy_bleu;  // test -> tokeniser -> greedy
  std::map<std::string, Spread> perplexity;                          // test
  std::map<std::string, Spread> loss;                                // test
  // What report.metrics names of the metrics that are computed from the beam's translations -> test -> scores.
  std::map<evaluation::LineMetric, std::map<std::string, Spread>> by_metric;
  Spread best_epoch;
  // Measurements.
  Spread parameters;
  Spread tokens_per_second;
  Spread training_minutes;
  Spread minutes_to_best;  // of training, until the best checkpoint
  Spread decoding_seconds;
  Spread decoding_speed;    // sentences a second
  Spread mflops_per_token;  // millions of operations for one target token, forward pass
  Spread peak_memory_mib;
};

// A property of sentence pairs, used to split test sets.
enum class Property {
  source_length,  // in words of the source text, or in characters if it is written without spaces
  rarest_word,    // the rank of the reference's rarest token in the target vocabulary; 1: the most frequent
  word_order,     // share of pairs of gold links that cross; only with gold alignments
};

// The scores of the sentences whose property is between `from` and `to`.
struct ScoreBucket {
  double from = 0;  // the smallest and the largest possible value; infinite at the open end of a fixed bucket
  double to = 0;
  bool after = false;  // `from` itself belongs to the previous bucket
  Index sentences = 0;
  double mean = 0;  // of the property
  // One entry for each system: the spread over its finished runs, with the 95 % interval of their mean from resampled
  // sentences.
  std::vector<Spread> bleu;
  std::vector<evaluation::Interval> bleu_interval;
  std::vector<Spread> chrf;  // chrF2
  std::vector<evaluation::Interval> chrf_interval;
};

// One test set split by one property, smallest values first.
struct BucketSet {
  Property property = Property::source_length;
  std::vector<ScoreBucket> buckets;
  std::string unit = {};  // of the values: "words"
};

// Compares two systems on one test set, over the seeds that both finished. An external system has no seeds: it is
// compared with each seed of the other, and there is only the claim about these models.
struct Comparison {
  std::string system;
  std::string baseline;
  std::string test;
  bool external = false;
  std::vector<Index> seeds;
  Spread difference;                  // of BLEU, over pairs with equal seeds
  evaluation::Comparison numbers;     // the two claims; empty if `seeds` is empty
  std::vector<double> pair_p_values;  // of sacreBLEU's paired bootstrap, by seed; 1 if no resample differs
  Index sentences = 0;
  std::string verdict;  // the result as a sentence
  std::vector<std::string>
      reservations;  // stand behind the verdict (reservations.h); on the primary test set alone
};

// The sufficient statistics of the metric for each finished run's translations of one test set.
using RunStatistics = std::map<const Run*, evaluation::Statistics>;

// One system in the ranking of a test set.
struct Rank {
  std::string system;
  double mean = 0;  // of the metric, over the finished runs
  bool may_be_best = true;
  // Why it cannot be the best: the system that beats it, with the one-sided p-value times the number of other systems.
  // "" and 1 if it may be.
  std::string beaten_by;
  double p_value = 1;
};

// Every pair of systems on one test set (pairs.h).
struct PairAnalysis {
  std::string test;
  // Each pair once: the earlier system of the plan as `baseline`. Holm's p is over all of them.
  std::vector<Comparison> pairs;
  // Highest mean first; only systems with two seeds or more in common with another one.
  std::vector<Rank> ranking;
  Index compared = 0;  // pairs with a claim about the method, which Holm's p counts

  // Returns the comparison of two systems in any order; nullptr if they were not compared.
  [[nodiscard]] const Comparison* of(const std::string& system, const std::string& other) const;
};

struct Analysis {
  const Results* results = nullptr;  // must outlive this object
  std::string tokenizer;             // of the BLEU in the main table: "13a" if there is one, else the first
  std::string primary_test;          // "test" if there is one, else the first whose name does not end in "_long"
  std::string long_test;             // the first whose name ends in "_long"; "" if there is none
  std::vector<SystemSummary> systems;
  std::vector<Comparison> comparisons;      // every system but the baseline × every test
  std::vector<PairAnalysis> pairs;          // one for each test set
  std::map<std::string, std::string> best;  // test -> the system that is distinguishably better than all others
  std::map<std::string, std::vector<BucketSet>> buckets;  // test -> one set for each property, source length first
  AttentionAnalysis attention;
  InterventionAnalysis interventions;
  std::map<std::string, std::string> signatures;  // tokeniser -> BLEU signature

  [[nodiscard]] const SystemSummary* baseline() const;
  [[nodiscard]] const TestSet* test(const std::string& name) const;
  [[nodiscard]] const BucketSet* cut_by(const std::string& test, Property property) const;  // nullptr if not known
};

// Computes the numbers in parallel (framework/base/parallel.h); they are the same for any number of threads.
// Claims::skip leaves out comparisons and best, which is much faster and enough for a table of means.
enum class Claims { make, skip };
[[nodiscard]] Analysis analyse(const Results& results, Claims claims = Claims::make);

// Returns the state of a run as text for a table.
[[nodiscard]] std::string state_in_words(const Run& run);

}  // namespace regard::report
