#pragma once
// Words that a hypothesis must not take next: </s> while it is too short, and a word that would repeat an n-gram
// (Paulus et al. 2018, section 2.5; any n). </s> repeats nothing; <unk> is a word like others.
#include <span>
#include <vector>

#include "framework/decoding/options.h"

namespace regard::decoding {

class Constraints final {
 public:
  explicit Constraints(const SearchOptions& options)
      : min_length_(options.min_length), ngram_(options.block_ngrams) {}

  [[nodiscard]] bool any() const noexcept { return min_length_ > 0 || ngram_ > 0; }
  // Puts what may not follow `words` into `forbidden`, whatever stood there before.
  void forbid(std::span<const Index> words, std::vector<Index>& forbidden) const;

 private:
  Index min_length_;
  Index ngram_;
};

}  // namespace regard::decoding
