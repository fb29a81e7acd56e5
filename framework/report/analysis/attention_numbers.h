#pragma once
// Computes numbers that describe the attention on a test set, and its agreement with gold alignments and between
// systems and seeds. They use forced attention if the folder has it, because then all systems and seeds wrote the same
// words.
#include <string>
#include <vector>

#include "framework/evaluation/diagnostics.h"
#include "framework/report/analysis/numbers.h"

namespace regard::runs {
struct TestSet;
}

namespace regard::report {

struct SystemSummary;

// One system on one test set; a spread is over its finished runs that kept weights.
struct AttentionNumbers {
  std::string system;
  std::string test;
  bool forced = false;  // false: attention of each system's own translations, which differ
  Index sentences = 0;  // with weights, in each run
  Spread entropy;       // in nats, for each target word
  Spread relative_entropy;
  Spread largest;
  Spread on_end;    // share of a word's weight on </s>
  Spread off;       // share on no token: on padding, or missing because the weights sum to less than 1
  Spread monotone;  // share of steps that do not go back
  Spread covered;
};

// Hard alignments of forced attention against gold ones (Och and Ney 2003; Luong et al. 2015, table 6).
struct AlignmentNumbers {
  std::string system;
  std::string test;
  Index sentences = 0;  // scored
  Index left_out = 0;   // sentences whose tokens could not be matched with words
  Spread error_rate;    // AER
  Spread precision;
  Spread recall;
};

// Agreement of two runs' forced weights on one test set, on average over pairs of runs: either two systems with the
// same seed, or one system with two seeds.
struct AgreementNumbers {
  std::string system;
  std::string other;  // the same as `system`: between its seeds
  std::string test;
  Index pairs = 0;
  evaluation::AttentionAgreement agreement;
};

struct AttentionAnalysis {
  std::vector<AttentionNumbers> diagnostics;
  std::vector<AlignmentNumbers> alignments;
  std::vector<AgreementNumbers> agreements;
};

// Appends the numbers of one test set.
void add_attention(AttentionAnalysis& to, const runs::TestSet& test, const std::vector<SystemSummary>& systems);

}  // namespace regard::report
