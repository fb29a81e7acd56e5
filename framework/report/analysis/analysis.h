#pragma once
// Every number of a report, computed once, so that no two of its formats disagree. A pure function of the results.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/evaluation/comparison.h"
#include "framework/report/analysis/attention_numbers.h"
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
  bool external = false;             // another program's translations: one "run", no seed, no measurement
  std::vector<const Run*> finished;  // in the order of the plan's seeds
  std::map<std::string, std::map<std::string, Spread>> bleu;         // test -> tokeniser -> beam
  std::map<std::string, std::map<std::string, Spread>> greedy_bleu;  // test -> tokeniser -> greedy
  std::map<std::string, Spread> perplexity;                          // test
  std::map<std::string, Spread> loss;                                // test
  std::map<std::string, Spread> chrf2;  // test -> beam; only where report.metrics names it
  std::map<std::string, Spread> ter;    // the same
  Spread best_epoch;
  // Measurements.
  Spread parameters;
  Spread tokens_per_second;
  Spread training_minutes;
  Spread minutes_to_best;  // of training, until the checkpoint that was kept
  Spread decoding_seconds;
  Spread decoding_speed;    // sentences a second
  Spread mflops_per_token;  // millions of operations, forward, a target token
  Spread peak_memory_mib;
};

// A property of sentence pairs, used to split test sets.
enum class Property {
  source_length,  // words of the source text, or characters where it is written without spaces
  rarest_word,    // the place of the reference's rarest token in the target vocabulary, most frequent first
  word_order,     // share of the gold links that cross; where alignments are known
};

// The scores of the sentences whose property is between `from` and `to`.
struct ScoreBucket {
  double from =
      0;  // the smallest and the largest value that may occur; infinite at the open end of a fixed bucket
  double to = 0;
  bool after = false;  // `from` itself belongs to the bucket before
  Index sentences = 0;
  double mean = 0;  // of the property
  // One entry for each system, over its finished runs, with the 95 % interval of their mean, by resampled
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
  std::string unit = {};  // of its values: "words"
};

// Two systems on one test set, over the seeds that both finished; an external system, which has no seeds, is
// compared with each seed of the other, and there is only the claim about these models.
struct Comparison {
  std::string system;
  std::string baseline;
  std::string test;
  bool external = false;
  std::vector<Index> seeds;
  Spread difference;                  // of BLEU, seed by seed
  evaluation::Comparison numbers;     // the two claims; empty where `seeds` is
  std::vector<double> pair_p_values;  // sacreBLEU's paired bootstrap, a seed each; 1 where no resample differs
  Index sentences = 0;
  std::string verdict;  // in words, a sentence
};

struct Analysis {
  const Results* results = nullptr;  // outlives this
  std::string tokenizer;     // of the BLEU in the main table: "13a", or the first there is where that is not
  std::string primary_test;  // "test", or the first whose name does not end in "_long"
  std::string long_test;     // the first that ends in "_long"; "" where none
  std::vector<SystemSummary> systems;
  std::vector<Comparison> comparisons;      // every system but the baseline × every test
  std::map<std::string, std::string> best;  // test -> the system ahead of all others, distinguishably
  std::map<std::string, std::vector<BucketSet>> buckets;  // test -> a set a property, source length first
  AttentionAnalysis attention;
  std::map<std::string, std::string> signatures;  // tokeniser -> BLEU signature

  [[nodiscard]] const SystemSummary* baseline() const;
  [[nodiscard]] const TestSet* test(const std::string& name) const;
  [[nodiscard]] const BucketSet* cut_by(const std::string& test, Property property) const;  // nullptr: not known
};

// Uses framework/base/parallel.h; the same numbers for any number of threads. Without claims there are no
// comparisons and no best: enough for a table of means, and much faster.
enum class Claims { make, skip };
[[nodiscard]] Analysis analyse(const Results& results, Claims claims = Claims::make);

// Returns the text of a finished, failed, unfinished or missing run in a table.
[[nodiscard]] std::string state_in_words(const Run& run);

}  // namespace regard::report
