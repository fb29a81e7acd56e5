#pragma once
// Prepares text for training: makes tokens, vocabularies and ids.
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "framework/config/value.h"
#include "framework/data/corpus.h"
#include "framework/data/dataset.h"
#include "framework/data/tokenizer.h"
#include "framework/data/vocabulary.h"

namespace regard::data {

struct VocabularyOptions {
  Index min_frequency = 1;
  Index max_size = 0;
  bool shared = false;
};

struct PrepareOptions {
  config::Tagged tokenizer = {.name = "word"};
  VocabularyOptions vocabulary = {};
  Index max_length = 100;
};

// The word alignments of all training pairs, by the pair's position in the text; empty if there are none.
struct Gold {
  Array<Link> links;
  Array<Index> begins;

  [[nodiscard]] bool empty() const noexcept { return begins.empty(); }
  [[nodiscard]] std::vector<Alignment> in_memory() const;
};

struct NamedDataset {
  std::string name;
  Dataset dataset;
};

// The learned state of the tokenisers, as the bytes of files: of the source (or of both sides, if they share one) and
// of the target. Empty if there was nothing to learn.
struct Learned {
  std::string source;
  std::string target;
};

struct Prepared {
  std::shared_ptr<const Tokenizer> source_tokenizer;
  std::shared_ptr<const Tokenizer> target_tokenizer;  // the same object if the sides share one
  Vocabulary source;
  Vocabulary target;  // equal to source if they are shared
  Dataset train;
  Gold gold;
  Array<std::uint64_t> source_lines;  // of all training pairs: line_hash of the source
  std::string source_hash,
      target_hash;  // sha256 of each side of the training text, with a newline after each line
  Dataset valid;
  std::vector<NamedDataset> tests;  // in the order of the splits
};

// Prepares the text. Tokenisers learn from the training text, or load the state that they `learned` before.
// Vocabularies are made from the training pairs of at most max_length tokens on each side (0: any); only these pairs
// are used in training. Validation and test sets are not shortened. DataError if no training pair remains, or if a
// tokeniser cannot learn.
//
// Writes the prepared training text to files in the existing `folder` and maps them. Only vocabularies and a few
// thousand pairs are in memory at a time, unless a tokeniser learns. With an empty path everything is in memory.
[[nodiscard]] Prepared prepare(const Pairs& train, const Splits& others, const PrepareOptions& options,
                               const Learned* learned = nullptr, const std::filesystem::path& folder = {});
[[nodiscard]] Prepared prepare(const Splits& splits, const PrepareOptions& options,
                               const Learned* learned = nullptr);

// Opens the files that prepare() wrote. `prepared` must have tokenisers and vocabularies, and the counts of Dataset
// that are in no file.
void open_prepared(const std::filesystem::path& folder, Prepared& prepared);
// Encodes validation and test sets.
void encode_others(const Splits& splits, Prepared& prepared);

// Returns a hash of a line. Different lines have the same hash with probability 2^-64.
[[nodiscard]] std::uint64_t line_hash(std::string_view line) noexcept;

struct Tokenizers {
  std::shared_ptr<const Tokenizer> source, target;
};
// Returns tokenisers with the state that was learned before. DataError for bytes that are not theirs.
[[nodiscard]] Tokenizers recall_tokenizers(const config::Tagged& which, const Learned& learned);
[[nodiscard]] Learned learned_by(const Prepared& prepared);

// Returns the ids of a line, without <s> and </s>.
[[nodiscard]] std::vector<TokenId> encode(const Tokenizer& tokenizer, const Vocabulary& vocabulary,
                                          std::string_view line);

// Returns the tokens of the ids, up to the first </s>, without <pad> and <s>.
[[nodiscard]] std::vector<std::string> tokens_of(const Vocabulary& vocabulary, std::span<const TokenId> ids);

}  // namespace regard::data
