#pragma once
// Sentence pairs as token ids, stored compactly: for each side one array of ids and the start of each sentence. <s>,
// </s> and padding are added in a batch.
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "framework/data/array.h"
#include "framework/data/array_writer.h"
#include "framework/data/vocabulary.h"

namespace regard::data {

// One side of all pairs. A sentence may have several encodings, the best one first. Each has a share of [0, 1), with
// which training draws it (Kudo 2018). Everything except training uses the best encoding.
class Sentences final {
 public:
  Sentences() = default;
  // Opens the files that a SentencesWriter wrote at `stem`.
  explicit Sentences(const std::filesystem::path& stem);

  void add(std::span<const TokenId> sentence);  // only in memory and with one encoding for each sentence
  [[nodiscard]] Index size() const noexcept {
    return static_cast<Index>(several() ? firsts_.size() : begins_.size()) - 1;
  }
  [[nodiscard]] Index tokens() const noexcept;  // in the best encodings
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

  // Releases the memory of pages that were read from a mapped file.
  void forget() const noexcept;

 private:
  friend class SentencesWriter;
  static std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }
  Array<TokenId> ids_;
  Array<Index> begins_ = {0};  // the start of each encoding, and the end of the last one
  Array<Index> firsts_;        // the first encoding of each sentence, and the end; empty: one encoding each
  Array<float> shares_;        // the end of each encoding's share of [0, 1)
};

// Makes Sentences, in memory or, with a stem, in the files STEM.ids, STEM.begins, STEM.firsts and STEM.shares.
class SentencesWriter final {
 public:
  SentencesWriter(const std::filesystem::path& stem, bool several);

  void add(std::span<const TokenId> encoding);
  // Makes the encodings since the last call those of one sentence, with these shares. Only for several encodings.
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
  Array<Index> lines;        // for each pair: its position in the corpus, from 0
  Index too_long = 0;        // pairs of the corpus that were skipped because of their length
  Index source_unknown = 0;  // tokens that became <unk>
  Index target_unknown = 0;
  std::shared_ptr<Copies> copies = {};  // only if an attention copies words of the source

  [[nodiscard]] Index size() const noexcept { return source.size(); }
  void forget() const noexcept;
};

}  // namespace regard::data
