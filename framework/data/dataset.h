#pragma once
// Sentence pairs as token ids, stored compactly: for each side one array of ids and the begin of each sentence.
// <s>, </s> and padding are added in a batch.
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "framework/data/array.h"
#include "framework/data/array_writer.h"
#include "framework/data/vocabulary.h"

namespace regard::data {

// One side of all pairs. A sentence may have several encodings, the best of them first, each with a share of [0,
// 1), from which training draws (Kudo 2018). Everywhere else a sentence is its best encoding.
class Sentences final {
 public:
  Sentences() = default;
  // Opens the files that a SentencesWriter wrote at `stem`.
  explicit Sentences(const std::filesystem::path& stem);

  void add(std::span<const TokenId> sentence);  // for sentences in memory with one encoding each
  [[nodiscard]] Index size() const noexcept {
    return static_cast<Index>(several() ? firsts_.size() : begins_.size()) - 1;
  }
  [[nodiscard]] Index tokens() const noexcept;  // of the best encodings
  [[nodiscard]] Index length(Index i) const { return length_of(best(i)); }
  [[nodiscard]] std::span<const TokenId> operator[](Index i) const { return encoding(best(i)); }

  [[nodiscard]] bool several() const noexcept { return !firsts_.empty(); }
  [[nodiscard]] Index best(Index i) const { return several() ? firsts_[at(i)] : i; }
  // Returns the encoding of sentence i whose share contains u, 0 <= u < 1.
  [[nodiscard]] Index draw(Index i, double u) const;
  [[nodiscard]] Index length_of(Index encoding) const { return begins_[at(encoding) + 1] - begins_[at(encoding)]; }
  [[nodiscard]] std::span<const TokenId> encoding(Index encoding) const {
    return {ids_.data() + begins_[at(encoding)], static_cast<std::size_t>(length_of(encoding))};
  }

  // Releases the memory of the pages that were read.
  void forget() const noexcept;

 private:
  friend class SentencesWriter;
  static std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }
  Array<TokenId> ids_;
  Array<Index> begins_ = {0};  // of each encoding, and where the last one ends
  Array<Index> firsts_;        // of each sentence: its first encoding; and the end. Empty: one encoding each
  Array<float> shares_;        // of each encoding: where its share of [0, 1) ends
};

// Makes Sentences, in memory or, with a stem, in the files STEM.ids, STEM.begins, STEM.firsts and STEM.shares.
class SentencesWriter final {
 public:
  SentencesWriter(const std::filesystem::path& stem, bool several);

  void add(std::span<const TokenId> encoding);
  // For sentences with several encodings: the encodings since the last call belong to one sentence, with these
  // shares.
  void end_sentence(std::span<const float> shares);

  // Replaces every id by ids[id].
  void rename(std::span<const TokenId> ids);
  [[nodiscard]] Sentences done();

 private:
  std::filesystem::path stem_;
  ArrayWriter<TokenId> ids_;
  ArrayWriter<Index> begins_;
  std::unique_ptr<ArrayWriter<Index>> firsts_;
  std::unique_ptr<ArrayWriter<float>> shares_;
  Index written_ = 0;
  Index encodings_ = 0;
};

struct Copies;  // copies.h

struct Dataset {
  Sentences source;
  Sentences target;
  Array<Index> lines;        // for each pair: its position in the corpus it was made from, counted from 0
  Index too_long = 0;        // pairs of that corpus that were skipped for their length
  Index source_unknown = 0;  // tokens that became <unk>
  Index target_unknown = 0;
  std::shared_ptr<Copies> copies = {};  // only if an attention copies words of the source

  [[nodiscard]] Index size() const noexcept { return source.size(); }
  void forget() const noexcept;
};

}  // namespace regard::data
