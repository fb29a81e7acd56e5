#pragma once
// Kernels on contiguous tensors that more than one op needs. They know nothing of gradients, take nothing from the
// heap, and assume shapes that the caller has checked. Each output element is computed by one thread in an order
// fixed by the shapes, so results do not depend on the number of threads.
#include <span>

#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/tensor.h"

namespace regard::kernels {

void fill_zero(const Tensor& y) noexcept;
// y = x, y += x; equal sizes.
void copy(const Tensor& x, const Tensor& y) noexcept;
void accumulate(const Tensor& x, const Tensor& y);
// y (+)= factor * x
void scale(const Tensor& x, double factor, const Tensor& y, bool accumulate);

// Matrix products over the matrix view [rows, cols] of each tensor; c (+)= …, operands taken as `precision` says.
void matmul_nn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate,  // a [m, k] b [k, n]
               Precision precision = Precision::float32);
void matmul_nt(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate,  // a [m, k] b [n, k]
               Precision precision = Precision::float32);
void matmul_tn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate,  // a [k, m] b [k, n]
               Precision precision = Precision::float32);
// c (+)= a b, or with a bias [n] (not empty; then not accumulating) c = a b + bias in every row. a [m, k], b [k,
// n].
void matmul_packed(const Tensor& a, const PackedMatrix& b, const Tensor& bias, const Tensor& c, bool accumulate);
// The same for each of B matrices: a [B, m, k], b [B, k, n] …
void batched_nn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate);
void batched_nt(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate);
void batched_tn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate);

// Every row of y becomes x [n].
void fill_rows(const Tensor& x, const Tensor& y);
// y [n] (+)= the sum of the rows of x [m, n].
void sum_rows(const Tensor& x, const Tensor& y, bool accumulate);
// The sum of x * y, of all elements, in a fixed order; equal sizes.
[[nodiscard]] double dot(const Tensor& x, const Tensor& y);
[[nodiscard]] double sum(const Tensor& x);
[[nodiscard]] bool all_finite(const Tensor& x) noexcept;

// Rows of `from` to rows of `to` as `index` says (entries < 0 write zeros): to[i] = from[index[i]].
void gather_rows(const Tensor& from, std::span<const Index> index, const Tensor& to);
// to[index[i]] = from[i]; no row of `to` may occur twice, and those that do not occur stay as they are.
void scatter_rows(const Tensor& from, std::span<const Index> index, const Tensor& to);
// to[index[i]] += from[i], in the order of i; entries < 0 are skipped. Deterministic for repeated rows.
void scatter_add_rows(const Tensor& from, std::span<const Index> index, const Tensor& to);

}  // namespace regard::kernels
