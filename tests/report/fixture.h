#pragma once
// Makes a small run folder as in docs/run-folder.md, without training: a toy grammar whose adjectives swap with
// nouns, hypotheses with a rate of mistakes for each system, weights around the gold alignment, and the scores of
// these hypotheses. Equal options give equal bytes.
#include <string>
#include <vector>

#include "framework/runs/results.h"

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
  std::string hostile;           // put into a word of the corpus, of the description and of every hypothesis
};

void write_run_folder(const Path& folder, const Options& options = {});

// A new folder in the system's temporary folder, removed with its contents at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  Path path_;
};

}  // namespace regard::fixture
