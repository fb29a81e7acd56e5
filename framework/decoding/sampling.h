#pragma once
// Words that are drawn instead of searched for: from softmax(logits / temperature), among all words or the top_k
// likeliest. A draw is a function of its key and step alone (Philox, base/random.h), so which sentences share a
// batch, their order and the number of threads change nothing.
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

// The key of a sentence's draw-th translation; `line` is its position in the text.
[[nodiscard]] inline Key key_of(const SearchOptions& options, Index line, Index draw) {
  return Key(static_cast<std::uint64_t>(options.sample_seed), "sample").with(line).with(draw);
}

// A word for each draw into `drawn`, with its log probability in the model's own softmax, at temperature 1 over
// all words. Words of `never`, and of forbidden[row] where `forbidden` is not empty, are not drawn. kNoWord where
// there is no other.
void draw_words(const Tensor& logits, std::span<const Draw> draws, const SearchOptions& options,
                std::span<const Index> never, std::span<const std::vector<Index>> forbidden,
                std::vector<Candidate>& drawn);

}  // namespace regard::decoding
