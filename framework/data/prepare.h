#pragma once
// From text to what a training needs: tokens, vocabularies, ids.
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

// The word alignments of all training pairs, by their place in the text; empty where there are none.
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

// What tokenisers learned, as the bytes of files: of the source (or of both sides, where they share one) and of
// the target. Empty where there was nothing to learn.
struct Learned {
  std::string source;
  std::string target;
};

struct Prepared {
  std::shared_ptr<const Tokenizer> source_tokenizer;
  std::shared_ptr<const Tokenizer> target_tokenizer;  // the same object where the sides share one
  Vocabulary source;
  Vocabulary target;  // equal to source where they are shared
  Dataset train;
  Gold gold;
  Array<std::uint64_t> source_lines;     // of all training pairs: line_hash of the source
  std::string source_hash, target_hash;  // sha256 of the sides of the training text, a newline behind each line
  Dataset valid;
  std::vector<NamedDataset> tests;  // in the order of the splits
};

// Tokenisers learn from the training text, or take back what they `learned` from it before; vocabularies come from
// the training pairs of at most max_length tokens a side (0: any), which alone are trained on. Validation and test
// sets stay whole. DataError if no training pair is left, or a tokeniser cannot learn.
//
// What is prepared of the training text goes to files in `folder`, which exists, and is read from there; only
// vocabularies and a few thousand pairs are in memory at a time, unless a tokeniser learns. An empty path: all in
// memory.
[[nodiscard]] Prepared prepare(const Pairs& train, const Splits& others, const PrepareOptions& options,
                               const Learned* learned = nullptr, const std::filesystem::path& folder = {});
[[nodiscard]] Prepared prepare(const Splits& splits, const PrepareOptions& options,
                               const Learned* learned = nullptr);

// What the files of prepare() hold is put there again: `prepared` has tokenisers and vocabularies, and the counts
// of Dataset that no file has.
void open_prepared(const std::filesystem::path& folder, Prepared& prepared);
// Validation and test sets.
void encode_others(const Splits& splits, Prepared& prepared);

// Equal for equal lines, and different for different ones but for once in 2^64.
[[nodiscard]] std::uint64_t line_hash(std::string_view line) noexcept;

struct Tokenizers {
  std::shared_ptr<const Tokenizer> source, target;
};
// Those that learned before. DataError for bytes that do not belong to them.
[[nodiscard]] Tokenizers recall_tokenizers(const config::Tagged& which, const Learned& learned);
[[nodiscard]] Learned learned_by(const Prepared& prepared);

// The ids of a line, without <s> and </s>.
[[nodiscard]] std::vector<TokenId> encode(const Tokenizer& tokenizer, const Vocabulary& vocabulary,
                                          std::string_view line);

// The tokens that the ids stand for, up to the first </s>; <pad> and <s> are left out.
[[nodiscard]] std::vector<std::string> tokens_of(const Vocabulary& vocabulary, std::span<const TokenId> ids);

}  // namespace regard::data
