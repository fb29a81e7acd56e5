#pragma once
// Chooses the sentence of the attention panel: by a rule from the data, not by the appearance of the weights, so
// that no system is favoured.
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
  std::string rule;                                  // why this one, in words
  std::vector<const runs::AttentionExample*> shown;  // one for each system; nullptr if it has none
};

// Returns the first sentence of a test set (the primary one first) whose gold alignment crosses: two neighbouring
// source words i, i+1 linked to j+1, j and to nothing else, as an adjective and its noun do; of 4 to 14 source
// words, if there is one. Without alignments or such a sentence: the one where the weights' largest step back is
// longest, on average over the systems. Returns nothing if no system kept weights.
[[nodiscard]] std::optional<AttentionChoice> choose_attention(const Analysis& analysis);

}  // namespace regard::report
