#pragma once
// A small run folder as docs/run-folder.md describes it, made without training: a toy grammar with adjectives that
// swap, hypotheses with mistakes at a rate each system has of its own, weights around the gold alignment, scores
// of those very hypotheses. The same bytes for the same options.
#include <string>
#include <vector>

#include "framework/runs/results.h"

namespace regard::fixture {

struct Options {
  std::vector<std::string> systems{"vanilla", "dot", "general", "concat"};  // the first has no attention
  std::vector<Index> seeds{1, 2, 3};
  Index sentences = 120;  // of "test"
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

// A folder of its own under the system's temporary one, removed with its contents at the end.
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
