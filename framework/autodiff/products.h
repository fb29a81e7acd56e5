#pragma once
// The matrix products of the ops: the one place that decides how operands are taken (the tape's arithmetic,
// forward and backward alike) and whether a weight comes packed (the tape's PackedWeights). Products of single
// sentences (batched_matmul) are taken as float32 always.
#include <optional>

#include "framework/autodiff/tape.h"
#include "framework/tensor/gemm/gemm.h"

namespace regard {

// c (+)= op(a) op(b) over the matrix views.
void product(const Tape& tape, Transpose ta, const Tensor& a, Transpose tb, const Tensor& b, const Tensor& c,
             bool accumulate);

// With a weight W [n, k]:
void times_transposed(const Tensor& x, Var W, const Tensor& y, bool accumulate);  // y (+)= x W^T
void times_transposed(const Tensor& x, Var W, Var b, const Tensor& y);   // y = x W^T + b, or without (b empty)
void times(const Tensor& dy, Var W, const Tensor& dx, bool accumulate);  // dx (+)= dy W

// A weight W [n, k] for the products of a single op, as the right operand of x W^T (Transpose::yes) or dy W
// (Transpose::no): while a tape records, it is packed in memory that the tape can spare and goes with the Scratch
// that the op has open, so that a large weight takes none for the rest of the step.
class OpWeight {
 public:
  OpWeight(Var W, Transpose transpose);
  // y = x op(W) + b, or without (b empty).
  void times(const Tensor& x, Var b, const Tensor& y) const;

 private:
  Var W_;
  Transpose transpose_;
  std::optional<PackedMatrix> packed_;
};

// The gradients of a weight W [n, k] by one product (where there is one a step, Tape::add_weight_grad puts them
// together): dW (+)= dy^T x; and of a bias that was added to all rows: db (+)= the sum of the rows of dy. Nothing
// where none is needed.
void give_weight(const Tensor& dy, const Tensor& x, Var W);
void give_bias(const Tensor& dy, Var b);

}  // namespace regard
