#pragma once
// The innermost loops of matrix products, one table of functions for each instruction set. Only
// framework/tensor/gemm/own*.cpp use them; they split a product into blocks.
//
// Every kernel computes c[i, j] = ((start + a[i, 0] b[0, j]) + a[i, 1] b[1, j]) + … in the order of k, with one
// fused multiply-add a term (baseline: a multiplication and an addition). So an element depends only on its row,
// its column, k and the kind of kernel, and not on its tile, on where k is split, on the number of other rows, or
// from avx2 on the instruction set (in float and double; bfloat16 differs).
#include "framework/base/base.h"
#include "framework/tensor/cpu.h"

namespace regard::simd {

// One block of C, at most `max_rows` x (columns of one or two panels). T is the element of C; E that of A and B:
// the same, or for bfloat16 two neighbours in k as one 32-bit word (then k and strides count words).
template <class T, class E>
struct Panel {
  Index rows;
  Index columns;
  Index k;
  const E* a;  // a[i, p] at a + i * a_row + p * a_k; one of the two strides is 1
  Index a_row;
  Index a_k;
  const E* b;  // b[p, j] at b + p * b_k + j, from `panel_columns` on at b + b_next + …
  Index b_k;
  Index b_next;
  const T* start;  // null: 0; else c itself, or a row (then start_row = 0)
  Index start_row;
  T* c;
  Index ldc;
};

template <class T, class E>
struct ProductKernels {
  Index max_rows;       // rows of C in registers
  Index wide_rows;      // up to so many rows a call may span two panels
  Index panel_columns;  // columns of a packed panel of B
  Index panel_rows;     // rows a packed panel of A has room for, at least max_rows
  Index k_unit;         // packed k is a multiple of it (in E)
  void (*panel)(const Panel<T, E>&);
};

// c[i, j] (+)= sum_p a[i, p] b[j, p], both with k contiguous: for few rows and columns, where packing would cost
// more than it saves. Its order: of sixteen lanes (double: eight) lane l sums p = l, l + 16, …; then the lanes are
// added in a tree. The order depends on k only, not on the width of a vector.
template <class T>
struct RowDots {
  Index rows, columns, k;
  const T* a;
  Index lda;
  const T* b;
  Index ldb;
  bool accumulate;
  T* c;
  Index ldc;
};

// Panels of B from a row-major matrix: panel q holds k rows of panel_columns elements, out[q * next + (p, j)]
// being b[p * ldb + j'], or b[j' * ldb + p] when transposed, with j' = q * step + j; beyond `columns` it is 0.
// `step` is panel_columns. Panels of A' likewise, with panel_rows for panel_columns and as step the rows that
// panels have (elements beyond them have any value).
template <class T>
struct PackPanels {
  Index k;
  Index columns;
  const T* b;
  Index ldb;
  Index step;
  T* out;
  Index next;
};

// The same for bfloat16, in pairs of k: `high` is the nearest bfloat16; `low`, if not null, is the nearest
// bfloat16 of the rest.
struct PackPairs {
  Index k;        // elements; the last pair and those up to `pairs` are filled with 0
  Index columns;  // of B's panel, or rows of A
  const float* from;
  Index from_k;       // stride of k in `from`
  Index from_column;  // stride of the column (row of A)
  Index pairs;
  std::uint32_t* high;
  std::uint32_t* low;
};

template <class T>
struct FloatKernels {
  ProductKernels<T, T> product;
  void (*dots)(const RowDots<T>&);
  void (*pack_a)(const PackPanels<T>&);
  void (*pack_b)(const PackPanels<T>&);
  void (*pack_b_transposed)(const PackPanels<T>&);
};

struct Bfloat16Kernels {
  ProductKernels<float, std::uint32_t> product;
  void (*begin)();  // before and after a run of panels in a thread: tile registers are configured and given back
  void (*end)();
  void (*pack_a)(const PackPairs&);  // rows of A, pairs contiguous: out[i * pairs + p]
  void (*pack_b)(const PackPairs&);  // a panel of B: out[p * panel_columns + j]
  // Rows of A that are neighbours in memory (A'), a panel: out[p * panel_rows + i]. Null where the product wants
  // pairs contiguous.
  void (*pack_a_across)(const PackPairs&);
};

// Returns the kernels of a set, or null if it has none: bfloat16 of the baseline. From avx2 up to avx512 the
// bfloat16 kernels convert to float.
const FloatKernels<float>* f32_kernels(InstructionSet set);
const FloatKernels<double>* f64_kernels(InstructionSet set);
const Bfloat16Kernels* bfloat16_kernels(InstructionSet set);

}  // namespace regard::simd
