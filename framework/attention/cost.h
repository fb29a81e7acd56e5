#pragma once
// What a variant costs: time and memory of attention alone, in training, for a batch of ordinary size.
#include "framework/attention/registry.h"

namespace regard::attention {

// The batch that is measured: B sentences of S words, T target positions, f32.
struct CostBatch {
  Index B = 32, S = 25, T = 25;
  Sizes sizes{256, 256};
};

// Of one target position of the batch: the least of several tries.
struct Cost {
  double forward_microseconds = 0;
  double backward_microseconds = 0;  // with the gradients of all parameters
  Index bytes = 0;                   // on the tape, forward and backward
};

// The variant must not refuse the sizes; throws what it throws in training.
[[nodiscard]] Cost cost_of(const Variant& variant, const config::Options& options, const CostBatch& batch = {});

}  // namespace regard::attention
