#pragma once
// Converts attention over tokens to links between the words of two lines, in Pharaoh form. Weights of subwords are
// summed over a source word's tokens and averaged over a target word's tokens.
#include <optional>
#include <string>
#include <vector>

#include "framework/base/weight_matrix.h"

namespace regard::inference {

// A line and its tokens.
struct Tokenised {
  std::string line;
  std::vector<std::string> tokens;
};

// `weights` has a row for each target token and one for </s>, or none for that, and a column for each source token
// and one for </s>. Without </s>; nothing where tokens and words cannot be matched.
[[nodiscard]] std::optional<WeightMatrix> word_weights(const WeightMatrix& weights, const Tokenised& source,
                                                       const Tokenised& target);

// "0-0 2-1": for each target word the source word with most weight.
[[nodiscard]] std::string hard_pharaoh(const WeightMatrix& words);
// "0-0:0.97 1-0:0.03": every link of a weight of at least 0.005, target by target.
[[nodiscard]] std::string soft_pharaoh(const WeightMatrix& words);

}  // namespace regard::inference
