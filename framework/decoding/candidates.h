#pragma once
// Selects the best next words of each hypothesis from logits.
#include <span>
#include <vector>

#include "framework/tensor/tensor.h"

namespace regard::decoding {

inline constexpr Index kNoWord = -1;

struct Candidate {
  Index word = 0;              // kNoWord: no more words are allowed
  double log_probability = 0;  // of the word, given the words before it
};

// Writes the `count` best words of each row of logits [rows, V] to `best`, row by row, best first (ties: smaller
// id first). Skips the words of `never` and, if `forbidden` is not empty, those of forbidden[row]. A row with too
// few other words ends with kNoWord. Probabilities are those of the full softmax. count <= V - never.size().
void best_words(const Tensor& logits, Index count, std::span<const Index> never, std::vector<Candidate>& best,
                std::span<const std::vector<Index>> forbidden = {});

}  // namespace regard::decoding
