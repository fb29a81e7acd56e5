#pragma once
// From logits to the best next words of each hypothesis.
#include <span>
#include <vector>

#include "framework/tensor/tensor.h"

namespace regard::decoding {

inline constexpr Index kNoWord = -1;

struct Candidate {
  Index word = 0;              // kNoWord: there are no more that may be taken
  double log_probability = 0;  // of the word, given what stands before it
};

// For each row of logits [rows, V] its `count` best words, best first (ties: smaller id first), row by row into
// `best`. The words of `never` are not taken, nor those of forbidden[row] where `forbidden` is not empty; a row
// that has too few others ends with kNoWord. Probabilities are those of the full softmax. count <= V -
// never.size().
void best_words(const Tensor& logits, Index count, std::span<const Index> never, std::vector<Candidate>& best,
                std::span<const std::vector<Index>> forbidden = {});

}  // namespace regard::decoding
