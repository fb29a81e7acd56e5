// Products by our own kernels. A product is split into tiles of C for the threads. A tile processes k in blocks;
// an element is one chain of additions over k, so the split does not change the result. It packs its rows of A if
// they cannot be used in place. It reads B panel by panel: packed before, packed now into a buffer that stays in
// cache, or in place.
#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/tensor/gemm/blocks.h"
#include "framework/tensor/simd/product/kernels.h"

namespace regard::gemm_detail {
namespace {

// B is read in place if packing would cost more than it saves: for few rows of C, or if its rows are so close that
// they fit into caches and address translation (measured: 2 KB apart in place is faster, from 8 KB on packing is).
constexpr Index kRowsInPlace = 8;
constexpr Index kStrideInPlace = 2048;
// Rows of A at a distance of a multiple of 4 KB use one set of the first-level cache. A set has fewer ways than a panel
// has rows. So such rows are copied to rows of another length, if there are enough columns.
constexpr Index kCacheSets = 4096;
constexpr Index kColumnsForCopy = 128;
constexpr Index kRowPadding = 16;
constexpr Index kPanelsTogether = 24;  // panels of A' packed in one pass over its rows

template <class T>
struct FloatProduct {
  const Call& call;
  const simd::FloatKernels<T>& kernels;
  Blocking blocking{};
  const T* a = static_cast<const T*>(call.a);
  const T* b = static_cast<const T*>(call.b);
  T* c = static_cast<T*>(call.c);

  void tile(Range rows, Range columns) const {
    const Index blocks = std::max<Index>(1, ceil_div(call.shape.k, blocking.k));
    for (Index block = 0; block < blocks; ++block) tile_block(rows, columns, part(call.shape.k, 1, block, blocks));
  }

  void tile_block(Range rows, Range columns, Range k) const {
    const Index together = std::min(blocking.columns, columns.size());
    for (Index first = columns.begin; first < columns.end; first += together) {
      const Range some = {first, std::min(first + together, columns.end)};
      simd::Panel<T, T> p{};
      p.k = k.size();
      p.ldc = call.ldc;
      const T* const begin_b = operand_b(p, some, k);
      const Index groups = ceil_div(rows.size(), blocking.rows);
      for (Index group = 0; group < groups; ++group) {
        const Range some_rows = part(rows.size(), kernels.product.max_rows, group, groups);
        work({rows.begin + some_rows.begin, rows.begin + some_rows.end}, some, k, p, begin_b);
      }
    }
  }

  // Where a group's rows are read: packed panels of A', copied rows, or A itself.
  enum class Rows { packed, copied, in_place };

  // Multiplies the rows of A that fit into the second-level cache with one panel of B after the other.
  void work(Range rows, Range columns, Range k, simd::Panel<T, T>& p, const T* begin_b) const {
    const auto& product = kernels.product;
    const RowPanels panels(rows.size(), product.max_rows);
    const Rows source = prepare_rows(rows, columns, k, panels);
    const Index wide = product.panel_columns;
    const Index step = rows.size() <= product.wide_rows ? 2 * wide : wide;
    for (Index j = columns.begin; j < columns.end; j += step) {
      p.columns = std::min(step, columns.end - j);
      p.b = begin_b + (j - columns.begin) / wide * p.b_next;
      for (Index i = 0; i < panels.count; ++i) {
        p.rows = panels[i].size();
        const Index row = rows.begin + panels[i].begin;
        set_a(p, source, i, panels[i].begin, row, k);
        p.c = c + row * call.ldc + j;
        set_start(p, j, k);
        if (i + 1 < panels.count) prefetch_c(p);
        product.panel(p);
      }
    }
  }

  void set_start(simd::Panel<T, T>& p, Index column, Range k) const {
    const bool adds = k.begin > 0 || call.accumulate;
    const T* const bias = static_cast<const T*>(call.bias);
    p.start = adds ? p.c : (bias == nullptr ? nullptr : bias + column);
    p.start_row = adds ? call.ldc : 0;
  }

  [[nodiscard]] Rows prepare_rows(Range rows, Range columns, Range k, const RowPanels& panels) const {
    if (call.ta == Transpose::yes) {
      require_capacity(panels.count * packed_stride(k), kScratchA);
      const Index group = kPanelsTogether * panels.height;
      for (Index i = 0; i < rows.size(); i += group) {
        kernels.pack_a({k.size(), std::min(group, rows.size() - i), a + k.begin * call.lda + rows.begin + i,
                        call.lda, panels.height, packed_a(i / panels.height, k), packed_stride(k)});
      }
      return Rows::packed;
    }
    const bool clash = call.lda * static_cast<Index>(sizeof(T)) % kCacheSets == 0;
    if (!clash || rows.size() < 8 || columns.size() < kColumnsForCopy) return Rows::in_place;
    require_capacity(rows.size() * copied_stride(k), kScratchA);
    for (Index i = 0; i < rows.size(); ++i) {
      std::copy_n(a + (rows.begin + i) * call.lda + k.begin, k.size(), copied_a(i, k));
    }
    return Rows::copied;
  }
  [[nodiscard]] T* packed_a(Index panel, Range k) const {
    return Scratch::mine().a<T>() + panel * packed_stride(k);
  }
  // Panels that are packed together are written side by side. At a distance of a multiple of 4 KB they would share a set.
  [[nodiscard]] Index packed_stride(Range k) const { return kernels.product.panel_rows * k.size() + kRowPadding; }
  [[nodiscard]] T* copied_a(Index row, Range k) const { return Scratch::mine().a<T>() + row * copied_stride(k); }
  [[nodiscard]] static Index copied_stride(Range k) { return k.size() + kRowPadding; }
  static void require_capacity(Index elements, Index bytes) {
    check(elements * static_cast<Index>(sizeof(T)) <= bytes, "gemm: what a tile packs does not fit its memory");
  }

  void set_a(simd::Panel<T, T>& p, Rows source, Index panel, Index row_of_tile, Index row, Range k) const {
    p.a_row = 1;
    p.a_k = 1;
    switch (source) {
      case Rows::packed:
        p.a = packed_a(panel, k);
        p.a_k = kernels.product.panel_rows;
        break;
      case Rows::copied:
        p.a = copied_a(row_of_tile, k);
        p.a_row = copied_stride(k);
        break;
      case Rows::in_place:
        p.a = a + row * call.lda + k.begin;
        p.a_row = call.lda;
    }
  }

  // Returns the number of rows of C in the next panel.
  void prefetch_c(const simd::Panel<T, T>& p) const {
    constexpr Index kLine = 64 / sizeof(T);
    const T* next = p.c + p.rows * call.ldc;
    for (Index i = 0; i < p.rows; ++i) {
      __builtin_prefetch(next + i * call.ldc, 1, 2);
      __builtin_prefetch(next + i * call.ldc + kLine, 1, 2);
    }
  }

  [[nodiscard]] bool b_in_place() const {
    const bool near = call.ldb * static_cast<Index>(sizeof(T)) <= kStrideInPlace;
    return !call.packed && call.tb == Transpose::no && (near || call.shape.m <= kRowsInPlace);
  }

  // Returns the panels of B from some.begin on, and their strides.
  [[nodiscard]] const T* operand_b(simd::Panel<T, T>& p, Range some, Range k) const {
    const Index wide = kernels.product.panel_columns;
    p.b_k = wide;
    if (call.packed) {
      p.b_next = call.shape.k * wide;
      return b + some.begin * call.shape.k + k.begin * wide;
    }
    if (b_in_place()) {
      p.b_k = call.ldb;
      p.b_next = wide;
      return b + k.begin * call.ldb + some.begin;
    }
    require_capacity(round_up(some.size(), wide) * k.size(), kScratchB);
    T* const out = Scratch::mine().b<T>();
    p.b_next = k.size() * wide;
    pack_b(kernels, call.tb, k, some, b, call.ldb, out, p.b_next);
    return out;
  }

  static void pack_b(const simd::FloatKernels<T>& kernels, Transpose tb, Range k, Range columns, const T* b,
                     Index ldb, T* out, Index next) {
    if (tb == Transpose::no) {
      kernels.pack_b({k.size(), columns.size(), b + k.begin * ldb + columns.begin, ldb,
                      kernels.product.panel_columns, out, next});
    } else {
      kernels.pack_b_transposed({k.size(), columns.size(), b + columns.begin * ldb + k.begin, ldb,
                                 kernels.product.panel_columns, out, next});
    }
  }
};

template <class T>
void pack_all(const simd::FloatKernels<T>& kernels, Transpose tb, Index k, Index n, const void* b, Index ldb,
              void* memory) {
  const Index wide = kernels.product.panel_columns;
  parallel_for(ceil_div(n, wide), std::max<Index>(1, kPackWork / (wide * std::max<Index>(1, k))),
               [&](Index begin, Index end) {
                 FloatProduct<T>::pack_b(kernels, tb, {0, k}, {begin * wide, std::min(end * wide, n)},
                                         static_cast<const T*>(b), ldb, static_cast<T*>(memory) + begin * wide * k,
                                         wide * k);
               });
}

template <class T>
void run(const Call& call, const simd::FloatKernels<T>& kernels) {
  run_tiles(FloatProduct<T>{call, kernels, call.packed ? kPackedB : kPlainB}, call.shape,
            call.packed ? kPackedB.rows : call.shape.m, kernels.product.panel_columns, call.ta == Transpose::yes);
}

}  // namespace

void own_gemm(const Call& call) {
  const InstructionSet set = instruction_set();
  if (call.arithmetic.dtype == DType::f64) return run(call, *simd::f64_kernels(set));
  if (call.arithmetic.precision != Precision::float32) {
    return own_gemm_bfloat16(call, *simd::bfloat16_kernels(set));
  }
  run(call, *simd::f32_kernels(set));
}

Index own_packed_bytes(Arithmetic arithmetic, Index k, Index n) {
  const InstructionSet set = instruction_set();
  if (arithmetic.dtype == DType::f64) return round_up(n, simd::f64_kernels(set)->product.panel_columns) * k * 8;
  if (arithmetic.precision != Precision::float32) {
    return own_packed_bytes_bfloat16(*simd::bfloat16_kernels(set), arithmetic.precision, k, n);
  }
  return round_up(n, simd::f32_kernels(set)->product.panel_columns) * k * 4;
}

void own_pack(Arithmetic arithmetic, Transpose tb, Index k, Index n, const void* b, Index ldb, void* memory) {
  const InstructionSet set = instruction_set();
  if (arithmetic.dtype == DType::f64) return pack_all(*simd::f64_kernels(set), tb, k, n, b, ldb, memory);
  if (arithmetic.precision != Precision::float32) {
    return own_pack_bfloat16(*simd::bfloat16_kernels(set), arithmetic.precision, tb, k, n, b, ldb, memory);
  }
  pack_all(*simd::f32_kernels(set), tb, k, n, b, ldb, memory);
}

}  // namespace regard::gemm_detail
