#pragma once
// Kernels on contiguous tensors for several ops. They do not handle gradients, allocate nothing on the heap, and expect
// the caller to check shapes. One thread computes each output element, in an order that depends only on the shapes, so
// results do not depend on the number of threads.
#include <span>

#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/tensor.h"

namespace regard::kernels {

void fill_zero(const Tensor& y) noexcept;
// Compute y = x and y += x. Sizes must be equal.
void copy(const Tensor& x, const Tensor& y) noexcept;
void accumulate(const Tensor& x, const Tensor& y);
// Computes y (+)= factor * x.
void scale(const Tensor& x, double factor, const Tensor& y, bool accumulate);

// Compute matrix products c (+)= … over the matrix view [rows, cols] of each tensor, in the given `precision`.
void matmul_nn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate,  // a [m, k] b [k, n]
               Precision precision = Precision::float32);
void matmul_nt(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate,  // a [m, k] b [n, k]
               Precision precision = Precision::float32);
void matmul_tn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate,  // a [k, m] b [k, n]
               Precision precision = Precision::float32);
// Computes c (+)= a b; with a bias [n] (not empty; then `accumulate` must be false) c = a b + bias in every row.
// a [m, k], b [k, n].
void matmul_packed(const Tensor& a, const PackedMatrix& b, const Tensor& bias, const Tensor& c, bool accumulate);
// Compute the same for each of B matrices: a [B, m, k], b [B, k, n] …
void batched_nn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate);
void batched_nt(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate);
void batched_tn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate);

// Sets every row of y to x [n].
void fill_rows(const Tensor& x, const Tensor& y);
// Computes y [n] (+)= the sum of the rows of x [m, n].
void sum_rows(const Tensor& x, const Tensor& y, bool accumulate);
// Returns the sum of x * y over all elements, in a fixed order. Sizes must be equal.
[[nodiscard]] double dot(const Tensor& x, const Tensor& y);
[[nodiscard]] double sum(const Tensor& x);
[[nodiscard]] bool all_finite(const Tensor& x) noexcept;

// Copies rows: to[i] = from[index[i]]; an entry < 0 writes zeros.
void gather_rows(const Tensor& from, std::span<const Index> index, const Tensor& to);
// Copies rows: to[index[i]] = from[i]. A row of `to` may not occur twice; rows that do not occur are unchanged.
void scatter_rows(const Tensor& from, std::span<const Index> index, const Tensor& to);
// Adds rows: to[index[i]] += from[i], in the order of i; entries < 0 are skipped. Deterministic for repeated rows.
void scatter_add_rows(const Tensor& from, std::span<const Index> index, const Tensor& to);

}  // namespace regard::kernels
