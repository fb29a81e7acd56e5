#pragma once
// The matrix products of the ops: the one place that decides how operands are taken (the tape's arithmetic,
// forward and backward alike) and whether a weight comes packed (the tape's PackedWeights). Products of single
// sentences (batched_matmul) are taken as float32 always.
#include "framework/autodiff/tape.h"
#include "framework/tensor/gemm.h"

namespace regard {

// c (+)= op(a) op(b) over the matrix views.
void product(const Tape& tape, Transpose ta, const Tensor& a, Transpose tb, const Tensor& b, const Tensor& c,
             bool accumulate);

// With a weight W [n, k]:
void times_transposed(const Tensor& x, Var W, const Tensor& y, bool accumulate);  // y (+)= x W^T
void times_transposed(const Tensor& x, Var W, Var b, const Tensor& y);   // y = x W^T + b, or without (b empty)
void times(const Tensor& dy, Var W, const Tensor& dx, bool accumulate);  // dx (+)= dy W

// The gradient of a bias that was added to all rows: db (+)= the sum of the rows of dy; nothing where none is
// needed.
void give_bias(const Tensor& dy, Var b);

}  // namespace regard
