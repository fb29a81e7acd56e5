#pragma once
// Finds forbidden next words of a hypothesis: </s> while it is too short, and words that would repeat an n-gram
// (Paulus et al. 2018, section 2.5; any n). </s> never repeats an n-gram; <unk> is a word like all others.
#include <span>
#include <vector>

#include "framework/decoding/options.h"

namespace regard::decoding {

class Constraints final {
 public:
  explicit Constraints(const SearchOptions& options)
      : min_length_(options.min_length), ngram_(options.block_ngrams) {}

  [[nodiscard]] bool any() const noexcept { return min_length_ > 0 || ngram_ > 0; }
  // Sets `forbidden` to the words that may not follow `words`.
  void forbid(std::span<const Index> words, std::vector<Index>& forbidden) const;

 private:
  Index min_length_;
  Index ngram_;
};

}  // namespace regard::decoding
