#pragma once
// Reads the options of the `data:` section of a plan, and loads the text that they describe.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "framework/config/option_table.h"
#include "framework/data/batch.h"
#include "framework/data/corpus.h"
#include "framework/data/hold_out.h"
#include "framework/data/prepare.h"
#include "framework/data/text.h"

namespace regard::data {

// Each list of files is [source, target] or [source, target, alignment], or one file with `line`; empty if none is given.
struct FilesOptions {
  std::string name;  // the name of the corpus in the report; empty: the stem of the first training file
  std::vector<config::Path> train;
  std::vector<config::Path> valid;
  std::vector<std::pair<std::string, std::vector<config::Path>>> test;
  std::vector<std::pair<std::string, config::Path>> tokenized;
  std::string line;  // the form of files with both sides in one line (line_form.h); empty: a file a side
  HoldOut hold_out;  // validation from the training text, in place of `valid`
};

struct DataOptions {
  config::Tagged corpus;  // "none" if files are given
  FilesOptions files;
  EmptyLines empty_lines = EmptyLines::kRefuse;
  Index max_line_words = 1000;
  Index max_length = 100;
  TextOptions text;
  JoinOptions join;
  config::Tagged tokenizer{.name = "word"};
  VocabularyOptions vocabulary;
};

[[nodiscard]] const config::OptionTable<DataOptions>& data_rows();

// Reads the whole section. ConfigError with the place for unknown keys and wrong values, if both or neither of a corpus
// and files are given, for a list that is not two or three files, for files without training or validation, and for a
// test set name that cannot be a file name.
[[nodiscard]] DataOptions parse_data(const config::Section& section);

// Returns the text: generates a built-in corpus or reads files, then applies `text` and `join`. Throws the DataErrors
// of read_corpus. Validation is read like training (an empty line is refused or skipped); test sets keep every line.
[[nodiscard]] Splits load(const DataOptions& options);

// The same text without the training pairs in memory: splits.train is empty, `train` reads them.
struct Text {
  Splits splits;
  Pairs train;
};
[[nodiscard]] Text open_text(const DataOptions& options);

// Returns the options for prepare().
[[nodiscard]] PrepareOptions prepare_options(const DataOptions& options);

// `training.batch`, which trainers and decoders read: {tokens: 512} or {sentences: 64}.
struct BatchOptions {
  std::optional<Index> tokens;
  std::optional<Index> sentences;
  Index window = kWindow;
};
[[nodiscard]] const config::OptionTable<BatchOptions>& batch_rows();

// Returns the size from the options, or `default_value` if none is given. ConfigError "place: key: …" if both are
// given.
[[nodiscard]] BatchSize batch_size(const BatchOptions& options, const BatchSize& default_value,
                                   const config::Origin& origin, std::string_view key);

}  // namespace regard::data
