#pragma once
// Variants that each break one promise of attention.h, and unusual ones that keep them all.
#include <vector>

#include "framework/attention/registry.h"

namespace regard::testing {

struct Broken {
  attention::Variant variant;
  const char* check;    // that must fail
  const char* message;  // with its message, every number in it written as #
};
[[nodiscard]] std::vector<Broken> broken_variants();
// Those of them that are wrong beside other positions, hypotheses, batches, threads or objects.
[[nodiscard]] std::vector<Broken> wrong_beside_others();

// Wide, one position at a time: what a position has been given so far lowers its energy (a small Tu et al. 2016).
[[nodiscard]] attention::Variant covering();
// Wide, with a state that start() makes from the source: carrying() hands each row on as it got it, pointing()
// points into the source's memory anew.
[[nodiscard]] attention::Variant carrying();
[[nodiscard]] attention::Variant pointing();
// Chooses one position at random in training and the likeliest in use, with the gradient of a softmax; the entropy
// is a loss of its own.
[[nodiscard]] attention::Variant choosing();
// Reads the words of both sides, and its context is not as wide as a key.
[[nodiscard]] attention::Variant reading_words();
// Looks at positions, and its weights sum to less than 1.
[[nodiscard]] attention::Variant decaying();

}  // namespace regard::testing
