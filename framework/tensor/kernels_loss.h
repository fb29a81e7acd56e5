#pragma once
// Computes softmax and cross-entropy of a block of logits, forward and backward in one pass over memory.
#include <span>

#include "framework/tensor/tensor.h"

namespace regard::kernels {

// For each row r of logits [n, V], with label smoothing e: sets loss[r] to
//   logsumexp(x) - (1 - e) x[target] - e mean(x)                     (0 if the target is -1)
// and, with `gradient`, replaces the row by
//   softmax(x) - (1 - e) onehot(target) - e / V                      (0 if the target is -1).
void softmax_cross_entropy(const Tensor& logits, std::span<const Index> targets, double smoothing, double* loss,
                           bool gradient);

// Returns log(sum of e^x) over n > 0 numbers, computed relative to the largest number.
[[nodiscard]] double log_sum_exp(Index n, const float* x);
[[nodiscard]] double log_sum_exp(Index n, const double* x);

// Computes y = x - logsumexp(x) for each row; y may be x.
void log_softmax(const Tensor& x, const Tensor& y);

}  // namespace regard::kernels
