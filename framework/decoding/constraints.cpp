#include "framework/decoding/constraints.h"

#include <algorithm>

#include "framework/data/vocabulary.h"

namespace regard::decoding {

void Constraints::forbid(std::span<const Index> words, std::vector<Index>& forbidden) const {
  forbidden.clear();
  const auto count = static_cast<Index>(words.size());
  if (count < min_length_) forbidden.push_back(data::kEos);
  if (ngram_ == 0) return;
  // If the last n - 1 words occur earlier, the word that followed them there is forbidden.
  const Index same = ngram_ - 1;
  for (Index begin = 0; begin + same < count; ++begin) {
    const auto first = words.begin() + begin;
    if (std::equal(first, first + same, words.end() - same)) forbidden.push_back(*(first + same));
  }
}

}  // namespace regard::decoding
