#pragma once
// Converts attention over tokens to links between the words of two lines, in Pharaoh form. Weights of subwords are
// summed over a source word's tokens and averaged over a target word's tokens.
#include <optional>
#include <string>
#include <vector>

#include "framework/evaluation/alignment.h"

namespace regard::inference {

// A line and its tokens.
struct Tokenised {
  std::string line;
  std::vector<std::string> tokens;
};

// Returns the weights between words, without </s>; nothing if tokens and words cannot be matched. `weights` has a row
// for each target token, optionally one for </s>, and a column for each source token and one for </s>.
[[nodiscard]] std::optional<evaluation::WeightMatrix> word_weights(const evaluation::WeightMatrix& weights,
                                                                   const Tokenised& source,
                                                                   const Tokenised& target);

// Returns for each target word the source word with the largest weight: "0-0 2-1".
[[nodiscard]] std::string hard_pharaoh(const evaluation::WeightMatrix& words);
// Returns every link with a weight of at least 0.005, target by target: "0-0:0.97 1-0:0.03".
[[nodiscard]] std::string soft_pharaoh(const evaluation::WeightMatrix& words);

}  // namespace regard::inference
