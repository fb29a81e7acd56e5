#pragma once
// Sentence pairs as token ids, kept compactly: one array a side and where each sentence begins. Without <s>, </s>
// and padding, which belong to a batch.
#include <span>
#include <vector>

#include "framework/data/vocabulary.h"

namespace regard::data {

// One side of all pairs.
class Sentences final {
 public:
  void add(std::span<const TokenId> sentence);
  [[nodiscard]] Index size() const noexcept { return static_cast<Index>(begins_.size()) - 1; }
  [[nodiscard]] Index tokens() const noexcept { return begins_.back(); }
  [[nodiscard]] Index length(Index i) const { return begins_[at(i) + 1] - begins_[at(i)]; }
  [[nodiscard]] std::span<const TokenId> operator[](Index i) const {
    return {ids_.data() + begins_[at(i)], static_cast<std::size_t>(length(i))};
  }

 private:
  static std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }
  std::vector<TokenId> ids_;
  std::vector<Index> begins_ = {0};
};

struct Dataset {
  Sentences source;
  Sentences target;
  std::vector<Index> lines;  // for each pair: its position in the corpus it was made from, counted from 0
  Index too_long = 0;        // pairs of that corpus that were left out for their length
  Index source_unknown = 0;  // tokens that became <unk>
  Index target_unknown = 0;

  [[nodiscard]] Index size() const noexcept { return source.size(); }
};

}  // namespace regard::data
