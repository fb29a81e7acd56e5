#pragma once
// Draws words from softmax(logits / temperature), among all words or the top_k likeliest. A draw depends only on
// its key and step (Philox, base/random.h), not on which sentences share a batch, their order or the number of
// threads.
#include <span>
#include <vector>

#include "framework/base/random.h"
#include "framework/decoding/candidates.h"
#include "framework/decoding/options.h"

namespace regard::decoding {

// One word to draw.
struct Draw {
  Index row = 0;   // of the logits
  Key key = {};    // of the translation
  Index step = 0;  // its word, from 0
};

// Returns the key of a sentence's draw-th translation; `line` is its position in the text.
[[nodiscard]] inline Key key_of(const SearchOptions& options, Index line, Index draw) {
  return Key(static_cast<std::uint64_t>(options.sample_seed), "sample").with(line).with(draw);
}

// Writes a word for each draw to `drawn`, with its log probability in the model's softmax (temperature 1, all
// words). Words of `never` and, if `forbidden` is not empty, of forbidden[row] are not drawn; kNoWord if there is
// no other word.
void draw_words(const Tensor& logits, std::span<const Draw> draws, const SearchOptions& options,
                std::span<const Index> never, std::span<const std::vector<Index>> forbidden,
                std::vector<Candidate>& drawn);

}  // namespace regard::decoding
