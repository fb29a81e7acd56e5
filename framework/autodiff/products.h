#pragma once
// The matrix products of the ops: the only place that decides the precision (the tape's arithmetic, both forward
// and backward) and whether a weight is packed (the tape's PackedWeights). Products of single sentences
// (batched_matmul) are always float32.
#include <optional>

#include "framework/autodiff/tape.h"
#include "framework/tensor/gemm/gemm.h"

namespace regard {

// Computes c (+)= op(a) op(b) over the matrix views.
void product(const Tape& tape, Transpose ta, const Tensor& a, Transpose tb, const Tensor& b, const Tensor& c,
             bool accumulate);

// With a weight W [n, k]:
void times_transposed(const Tensor& x, Var W, const Tensor& y, bool accumulate);  // y (+)= x W^T
void times_transposed(const Tensor& x, Var W, Var b, const Tensor& y);   // y = x W^T + b, or without (b empty)
void times(const Tensor& dy, Var W, const Tensor& dx, bool accumulate);  // dx (+)= dy W

// A weight W [n, k] for the products of a single op, as the right operand of x W^T (Transpose::yes) or dy W
// (Transpose::no): While a tape records, the weight is packed into scratch memory of the tape and freed with the
// op's open Scratch, so that a large weight uses no memory for the rest of the step.
class OpWeight {
 public:
  OpWeight(Var W, Transpose transpose);
  // Computes y = x op(W) + b, or y = x op(W) if b is empty.
  void times(const Tensor& x, Var b, const Tensor& y) const;

 private:
  Var W_;
  Transpose transpose_;
  std::optional<PackedMatrix> packed_;
};

// Add the gradients of a weight W [n, k], dW (+)= dy^T x, by one product (Tape::add_weight_grad combines the
// products of many steps), and of a bias that was added to all rows, db (+)= the sum of the rows of dy. Do nothing
// if the gradient is not needed.
void give_weight(const Tensor& dy, const Tensor& x, Var W);
void give_bias(const Tensor& dy, Var b);

}  // namespace regard
