#pragma once
// Doubts about a plan's text that only the text itself shows. Doubts about its options: plan/rules.cpp.
#include <string>
#include <vector>

#include "framework/experiment/data/corpora.h"

namespace regard::experiment {

// Returns warnings about the text, one sentence each: test sentences that occur in training (how many, the first
// lines), a vocabulary of one word, text in another of Unicode's normal forms than the training text, a batch
// larger than the corpus, a patience longer than the training. Releases the hashes of the training lines that it
// reads.
[[nodiscard]] std::vector<std::string> warnings(const Plan& plan, const Corpora& corpora);

// Returns the number of updates in an epoch of a system's training, in the order of `seed`.
[[nodiscard]] Index updates_of_epoch(const System& system, const Corpora& corpora, Index seed);

}  // namespace regard::experiment
