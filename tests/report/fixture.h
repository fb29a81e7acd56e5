#pragma once
// Makes a small run folder as in docs/run-folder.md, without training: a toy grammar whose adjectives swap with
// nouns, hypotheses with a rate of mistakes for each system, weights around the gold alignment, and the scores of
// these hypotheses. Equal options give equal bytes.
#include <string>
#include <vector>

#include "framework/runs/results.h"
#include "framework/runs/run_folder.h"
#include "tests/support/temp_folder.h"

namespace regard::fixture {

struct Options {
  std::vector<std::string> systems{"vanilla", "dot", "general", "concat"};  // the first has no attention
  std::vector<Index> seeds{1, 2, 3};
  Index sentences = 120;  // sentences of "test"
  std::string test_name = "test";
  bool long_test = true;
  bool alignments = true;
  Index attention_sentences = 20;
  std::string plan_name = "quickstart";
  std::string corpus = "chat_noir";
  std::string script = "latin";  // or "rtl", "unspaced": fixture_corpus.h
  double long_share = 0.5;       // sentences of "test_long" as a share of those of "test"
  std::string metrics;           // report.metrics of the plan; empty: not written
  // report.claim on "test", with seeds in rounds of `claimed_first` and more; 0: the plan makes no claim
  Index claimed_first = 0;
  std::string hostile;  // put into a word of the corpus, of the description and of every hypothesis
};

void write_run_folder(const Path& folder, const Options& options = {});

// A run folder of two systems and seeds with 20 test sentences, and a file with a translation of them.
struct TranslatedFolder {
  TranslatedFolder();

  test::TempFolder temporary;
  runs::RunFolder folder{temporary.path() / "runs"};
  std::string file = (temporary.path() / "moses.txt").string();
};

}  // namespace regard::fixture
