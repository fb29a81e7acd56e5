#pragma once
// Parallel text as lines, before tokenising: read from files, made by a built-in corpus, or written by `regard corpus`.
// Lines are valid UTF-8 without line ends.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "framework/data/alignment.h"

namespace regard::data {

// Line i of source is a translation of line i of target. gold is empty or has one entry for each pair; its
// positions count words between whitespace.
struct Corpus {
  std::vector<std::string> source;
  std::vector<std::string> target;
  std::vector<Alignment> gold;
  Index skipped = 0;  // pairs that were skipped because a side was empty

  [[nodiscard]] Index size() const noexcept { return static_cast<Index>(source.size()); }
};

struct NamedCorpus {
  std::string name;
  Corpus corpus;
  std::vector<std::string> tokenized = {};  // the targets, lower-cased and tokenised; empty if not given
};

struct Splits {
  std::string name;
  std::string description;  // one sentence, for the report
  bool synthetic = false;   // made by a grammar or a rule, not written by people
  std::string source_language;
  std::string target_language;
  Corpus train;
  Corpus valid;
  std::vector<NamedCorpus> tests;  // in the order of the plan; names differ
};

// The handling of pairs with an empty line.
enum class EmptyLines {
  kRefuse,  // DataError with the line; for training and validation
  kSkip,    // the pair is skipped
  kKeep,    // for test sets: an empty source line is translated to an empty line
};

struct ReadOptions {
  EmptyLines empty_lines = EmptyLines::kRefuse;
  Index max_line_words = 1000;  // more words in one line are a DataError; probably a line break is missing
};

// Reads the lines of a text file, one after the other; only the current line is in memory. DataErrors of read_lines.
class LineReader final {
 public:
  LineReader(std::filesystem::path file, Index max_line_words);
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  ~LineReader();

  // Reads the next line into `line`; returns false at the end.
  [[nodiscard]] bool next(std::string& line);
  [[nodiscard]] Index lines() const noexcept { return lines_; }  // so far
  [[nodiscard]] std::string place() const;                       // "file:line" of the last one

 private:
  bool more();
  std::filesystem::path file_;
  Index max_line_words_;
  int descriptor_ = -1;
  std::string piece_;
  std::size_t at_ = 0;
  Index lines_ = 0;
};

// A pair of lines.
struct Pair {
  std::string source;
  std::string target;
  Alignment gold;
  bool has_gold = false;
};

// Returns the lines of a text file: UTF-8, ended by LF or CR LF (optional for the last line). A byte order mark at the
// start is removed. DataError, one sentence with file, line and byte, for a file that is missing, unreadable, a folder
// or empty, for bytes that are not UTF-8, for NUL, and for a line of more than max_line_words words.
[[nodiscard]] std::vector<std::string> read_lines(const std::filesystem::path& file, Index max_line_words);

// Reads two files, one sentence a line, and optionally the word alignment in Pharaoh form (an empty path: none). Throws
// the DataErrors of read_lines, and others for different numbers of lines (with the first extra line) and for a link
// outside its sentence.
[[nodiscard]] Corpus read_corpus(const std::filesystem::path& source, const std::filesystem::path& target,
                                 const std::filesystem::path& alignment, const ReadOptions& options);

using PairCallback = std::function<void(Pair&)>;
// Pairs that can be read repeatedly. Returns the number of pairs that were skipped because a side was empty.
using Pairs = std::function<Index(const PairCallback&)>;
[[nodiscard]] Corpus collect(const Pairs& pairs);
[[nodiscard]] Pairs pairs_of(const Corpus& corpus);  // the corpus must outlive them

// Does the same pair by pair, with memory that does not grow with the files. Returns the number of skipped pairs.
Index for_each_pair(const std::filesystem::path& source, const std::filesystem::path& target,
                    const std::filesystem::path& alignment, const ReadOptions& options,
                    const PairCallback& receive);

// Writes train, valid and every test set as NAME.SOURCE_LANGUAGE, NAME.TARGET_LANGUAGE and, if known, NAME.align, and a
// README.md that describes the corpus. If both languages are the same, the endings are .source and .target. Makes the
// folder if necessary. FolderError if the folder is not empty. Each file is complete or missing.
void write_corpus(const Splits& splits, const std::filesystem::path& folder);

// Returns the number of words, separated by whitespace as in Python. The text must be valid UTF-8.
[[nodiscard]] Index count_words(std::string_view text) noexcept;

}  // namespace regard::data
