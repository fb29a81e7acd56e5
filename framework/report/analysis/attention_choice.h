#pragma once
// Chooses the sentence of the attention panel by a rule on the data, not by how the weights look, so that no system is
// favoured.
#include <optional>
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

// One sentence with the weights of each system, with the same seed.
struct AttentionChoice {
  const TestSet* test = nullptr;
  Index sentence = 0;  // from 0
  Index seed = 0;
  std::string rule;                                  // why this sentence was chosen
  std::vector<const runs::AttentionExample*> shown;  // one for each system; nullptr if it has none
};

// Returns the first sentence of a test set (of the primary one first) whose gold alignment crosses: two neighbouring
// source words i, i+1 are linked only to j+1, j, as an adjective and its noun may be. Prefers sentences of 4 to 14
// source words. Without alignments or such a sentence, returns the one with the longest step back of the largest
// weight, on average over the systems. Returns nothing if no system kept weights.
[[nodiscard]] std::optional<AttentionChoice> choose_attention(const Analysis& analysis);

}  // namespace regard::report
