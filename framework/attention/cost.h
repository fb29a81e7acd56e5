#pragma once
// Measures time and memory of attention alone, in training, for a batch of typical size.
#include "framework/attention/registry.h"

namespace regard::attention {

// The measured batch: B sentences of S words, T target positions, f32.
struct CostBatch {
  Index B = 32, S = 25, T = 25;
  Sizes sizes{.query = 256, .key = 256, .embedding = 256, .source_words = 1000, .target_words = 1000};
};

// The cost of one target position of the batch: the minimum of several tries, in processor time of all threads
// together, so that other programs disturb it little.
struct Cost {
  double forward_microseconds = 0;
  double backward_microseconds = 0;  // with the gradients of all parameters
  Index bytes = 0;                   // on the tape, forward and backward
};

// Measures a variant, which must not refuse the sizes. Throws the same errors as in training.
[[nodiscard]] Cost cost_of(const Variant& variant, const config::Options& options, const CostBatch& batch = {});

}  // namespace regard::attention
