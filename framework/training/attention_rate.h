#pragma once
// The learning rate of attention's parameters (`training.attention_rate`).
//
// Adam moves every element of a matrix by about the learning rate, so one update changes what the matrix computes in
// proportion to the number of its inputs. For most layers this does no harm. For a score it does: energies of a wide W_a
// change by several units in one update, the weights become 0 and 1 before any word is aligned, and the softmax then has
// no gradient to leave that state (the run parks at </s> or at one word). Yang et al. 2022 (muP) scale the rate of such
// matrices with 1 / inputs for the same reason.
#include "framework/config/or_auto.h"
#include "framework/tensor/shape.h"

namespace regard::training {

// `auto` divides the rate of a parameter with more inputs than this by inputs / kAttentionInputs. It was chosen by validation
// scores among 8, 32 and none: experiments/luong_scores.
inline constexpr double kAttentionInputs = 32;

// Returns the factor of the learning rate for a parameter of the attention with this shape: the given number, or for `auto`
// min(1, kAttentionInputs / inputs). The inputs are the last axis (W_a [query, key], v_a [hidden]).
[[nodiscard]] double attention_rate(const Shape& shape, const config::OrAuto<double>& given);

}  // namespace regard::training
