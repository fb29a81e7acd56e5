#pragma once
// The loops behind product/kernels.h, over a vector type V. Included by the sources compiled for one instruction
// set each, and by nothing else: everything has internal linkage, and no standard header is used, so that no
// function compiled for a wide instruction set is merged into the rest of the library.
//
// V: Scalar (of C), Element (of A and B), Vector (of C), Operand (of B), kLanes, kRows, kWideRows;
//    zero(), load(p), load(p, count), store(p, v), store(p, v, count), operand(p), operand(p, count),
//    broadcast(p), fma(a, b, c) = a b + c, sum(v).
#include "framework/tensor/simd/product/kernels.h"
#include "framework/tensor/simd/vectors/lanes.inl"

namespace regard::simd {
namespace {

// R rows, N vectors of columns; kRowMajor: a_k = 1, else a_row = 1; kTail: the last vector is not full.
template <class V, int R, int N, bool kRowMajor, bool kTail>
void panel_loop(const Panel<typename V::Scalar, typename V::Element>& p) {
  using Element = typename V::Element;
  using Vector = typename V::Vector;
  constexpr int kLanes = V::kLanes;
  const Index tail = kTail ? p.columns - (N - 1) * kLanes : kLanes;
  Vector sum[R][N];
  const typename V::Scalar* const start = p.start;
  const Index start_row = p.start_row;
  if (start == nullptr) {
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < N; ++j) sum[i][j] = V::zero();
    }
  } else {
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
      for (int j = 0; j < N; ++j) {
        const typename V::Scalar* from = start + i * start_row + j * kLanes;
        sum[i][j] = kTail && j == N - 1 ? V::load(from, tail) : V::load(from);
      }
    }
  }
  // Reads rows of A in threes: base + {0, 1, 2} strides need no address arithmetic in the loop.
  const Index stride = p.a_row;
  const Index step = kRowMajor ? 1 : p.a_k;
  const Element* a[(R + 2) / 3];
#pragma GCC unroll 16
  for (int i = 0; i < (R + 2) / 3; ++i) a[i] = p.a + 3 * i * (kRowMajor ? stride : 1);
  const Element* b = p.b;
  const Index b_step = p.b_k, b_next = p.b_next;
  for (Index k = p.k; k > 0; --k) {
    typename V::Operand column[N];
#pragma GCC unroll 4
    for (int j = 0; j < N; ++j) {
      const Element* from = b + (j / 2) * b_next + (j % 2) * kLanes;
      column[j] = kTail && j == N - 1 ? V::operand(from, tail) : V::operand(from);
    }
#pragma GCC unroll 16
    for (int i = 0; i < R; ++i) {
      const auto row = V::broadcast(a[i / 3] + (i % 3) * (kRowMajor ? stride : 1));
#pragma GCC unroll 4
      for (int j = 0; j < N; ++j) sum[i][j] = V::fma(row, column[j], sum[i][j]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < (R + 2) / 3; ++i) a[i] += step;
    b += b_step;
  }
  typename V::Scalar* const c = p.c;
  const Index ldc = p.ldc;
#pragma GCC unroll 16
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < N; ++j) {
      typename V::Scalar* to = c + i * ldc + j * kLanes;
      if (kTail && j == N - 1) {
        V::store(to, sum[i][j], tail);
      } else {
        V::store(to, sum[i][j]);
      }
    }
  }
}

template <class V>
using PanelLoop = void (*)(const Panel<typename V::Scalar, typename V::Element>&);

// Calls the loop that is compiled for `rows`, which is in 1 … R.
template <class V, int R, int N, bool kRowMajor, bool kTail>
PanelLoop<V> find_loop(Index rows) {
  if constexpr (R == 1) {
    return panel_loop<V, 1, N, kRowMajor, kTail>;
  } else {
    return rows == R ? panel_loop<V, R, N, kRowMajor, kTail> : find_loop<V, R - 1, N, kRowMajor, kTail>(rows);
  }
}

template <class V, int R, int N, bool kTail>
void run_loop(const Panel<typename V::Scalar, typename V::Element>& p) {
  (p.a_k == 1 ? find_loop<V, R, N, true, kTail>(p.rows) : find_loop<V, R, N, false, kTail>(p.rows))(p);
}

template <class V>
void panel(const Panel<typename V::Scalar, typename V::Element>& p) {
  constexpr Index kLanes = V::kLanes;
  constexpr Index kPanel = 2 * kLanes;
  if constexpr (V::kWideRows > 0) {
    if (p.columns > kPanel && p.rows <= V::kWideRows) {
      if (p.columns == 2 * kPanel) return run_loop<V, V::kWideRows, 4, false>(p);
      if (p.columns > kPanel + kLanes) return run_loop<V, V::kWideRows, 4, true>(p);
    }
  }
  if (p.columns == kPanel) return run_loop<V, V::kRows, 2, false>(p);
  if (p.columns <= kLanes) return run_loop<V, V::kRows, 1, true>(p);
  if (p.columns < kPanel) return run_loop<V, V::kRows, 2, true>(p);
  auto first = p;
  first.columns = kPanel;
  panel<V>(first);
  auto second = p;
  second.columns -= kPanel;
  second.b += p.b_next;
  second.c += kPanel;
  if (p.start != nullptr) second.start += kPanel;
  panel<V>(second);
}

// Computes R x N sums of products, for the lanes in one vector: those of `part`.
template <class V, int R, int N>
void dots_part(const RowDots<typename V::Scalar>& d, int part, typename V::Vector (&out)[R][N]) {
  using Vector = typename V::Vector;
  constexpr Index kCount = Lanes<V>::kCount;
  Vector sum[R][N];
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) sum[i][j] = V::zero();
  }
  const typename V::Scalar* const a = d.a + part * V::kLanes;
  const typename V::Scalar* const b = d.b + part * V::kLanes;
  Index k = 0;
  for (; k + kCount <= d.k; k += kCount) {
    Vector column[N];
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) column[j] = V::load(b + j * d.ldb + k);
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) {
      const Vector row = V::load(a + i * d.lda + k);
#pragma GCC unroll 8
      for (int j = 0; j < N; ++j) sum[i][j] = V::fma(row, column[j], sum[i][j]);
    }
  }
  if (k < d.k) {
    const Index rest = Lanes<V>::rest_of(d.k - k, part);
    Vector column[N];
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) column[j] = V::load(b + j * d.ldb + k, rest);
#pragma GCC unroll 8
    for (int i = 0; i < R; ++i) {
      const Vector row = V::load(a + i * d.lda + k, rest);
#pragma GCC unroll 8
      for (int j = 0; j < N; ++j) sum[i][j] = V::fma(row, column[j], sum[i][j]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) out[i][j] = sum[i][j];
  }
}

// Computes R x N dot products of k contiguous elements. A narrow vector reads the rows once for each part of the lanes,
// because the sums of one part fill the registers.
template <class V, int R, int N>
void dots_loop(const RowDots<typename V::Scalar>& d) {
  using Vector = typename V::Vector;
  constexpr int kParts = Lanes<V>::kParts;
  Vector sum[kParts][R][N];
#pragma GCC unroll 4
  for (int part = 0; part < kParts; ++part) dots_part<V, R, N>(d, part, sum[part]);
#pragma GCC unroll 8
  for (int i = 0; i < R; ++i) {
#pragma GCC unroll 8
    for (int j = 0; j < N; ++j) {
      Vector lanes[kParts];
#pragma GCC unroll 4
      for (int part = 0; part < kParts; ++part) lanes[part] = sum[part][i][j];
      typename V::Scalar* c = d.c + i * d.ldc + j;
      *c = Lanes<V>::sum(lanes) + (d.accumulate ? *c : typename V::Scalar{0});
    }
  }
}

template <class V, int R>
void dots_columns(RowDots<typename V::Scalar> d) {
  while (d.columns > 0) {
    const Index n = d.columns >= 4 ? 4 : d.columns;
    if (n == 4) dots_loop<V, R, 4>(d);
    if (n == 3) dots_loop<V, R, 3>(d);
    if (n == 2) dots_loop<V, R, 2>(d);
    if (n == 1) dots_loop<V, R, 1>(d);
    d.columns -= n;
    d.b += n * d.ldb;
    d.c += n;
  }
}

// Processes V::kDotRows rows together. With 4 rows and 4 columns, 16 sums, 4 columns and a row fit into 32 registers; with
// 16 registers there are 2 rows.
template <class V>
void dots(const RowDots<typename V::Scalar>& all) {
  RowDots<typename V::Scalar> d = all;
  while (d.rows > 0) {
    const Index m = d.rows >= V::kDotRows ? V::kDotRows : d.rows;
    if constexpr (V::kDotRows == 4) {
      if (m == 4) dots_columns<V, 4>(d);
      if (m == 3) dots_columns<V, 3>(d);
    }
    if (m == 2) dots_columns<V, 2>(d);
    if (m == 1) dots_columns<V, 1>(d);
    d.rows -= m;
    d.a += m * d.lda;
    d.c += m * d.ldc;
  }
}

// Packs panels that are N vectors wide. The outer loop is over rows, in memory order.
template <class V, int N>
void pack(const PackPanels<typename V::Scalar>& p) {
  using T = typename V::Scalar;
  constexpr Index kLanes = V::kLanes;
  constexpr Index kPanel = N * kLanes;
  const Index full =
      p.columns < kPanel ? 0 : (p.columns - kPanel) / p.step + 1;  // panels that may read kPanel columns
  for (Index k = 0; k < p.k; ++k) {
    const T* from = p.b + k * p.ldb;
    T* out = p.out + k * kPanel;
    for (Index panel = 0; panel < full; ++panel, from += p.step, out += p.next) {
#pragma GCC unroll 2
      for (int j = 0; j < N; ++j) V::store(out + j * kLanes, V::load(from + j * kLanes));
    }
    for (Index rest = p.columns - full * p.step; rest > 0; rest -= p.step, from += p.step, out += p.next) {
#pragma GCC unroll 2
      for (int j = 0; j < N; ++j) {
        const Index left = rest - j * kLanes;
        V::store(out + j * kLanes,
                 left > 0 ? V::load(from + j * kLanes, left < kLanes ? left : kLanes) : V::zero());
      }
    }
  }
}

// Transposes squares of kLanes x kLanes by V::transpose, and the rest element by element.
template <class V>
void pack_transposed(const PackPanels<typename V::Scalar>& p) {
  using T = typename V::Scalar;
  constexpr Index kLanes = V::kLanes;
  constexpr Index kPanel = 2 * kLanes;
  for (Index first = 0; first < (p.columns + kPanel - 1) / kPanel * kPanel; first += kLanes) {
    const Index columns = p.columns - first;
    const T* from = p.b + first * p.ldb;
    T* out = p.out + first / kPanel * p.next + first % kPanel;
    Index k = 0;
    if (columns >= kLanes) {
      for (; k + kLanes <= p.k; k += kLanes) V::transpose(from + k, p.ldb, out + k * kPanel, kPanel);
    }
    for (; k < p.k; ++k) {
      for (Index j = 0; j < kLanes; ++j) out[k * kPanel + j] = j < columns ? from[j * p.ldb + k] : T{0};
    }
  }
}

template <class V>
constexpr ProductKernels<typename V::Scalar, typename V::Element> product_kernels() {
  constexpr Index kRowVectors = (V::kRows + V::kLanes - 1) / V::kLanes;
  return {V::kRows, V::kWideRows, 2 * V::kLanes, kRowVectors * V::kLanes, 1, panel<V>};
}

template <class V>
constexpr FloatKernels<typename V::Scalar> float_kernels() {
  return {product_kernels<V>(), dots<V>, pack<V, (V::kRows + V::kLanes - 1) / V::kLanes>, pack<V, 2>,
          pack_transposed<V>};
}

}  // namespace
}  // namespace regard::simd
