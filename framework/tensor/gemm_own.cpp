// Products by our own kernels. A product is cut into tiles of C for the threads; a tile walks k in blocks (k is
// one chain of additions for an element, so where it is cut does not show), packs its rows of A where they are not
// usable in place, and takes B panel by panel: packed before, packed now into a buffer that stays in cache, or in
// place.
#include <algorithm>

#include "framework/base/parallel.h"
#include "framework/tensor/gemm_blocks.h"
#include "framework/tensor/simd/product_kernels.h"

namespace regard::gemm_detail {
namespace {

constexpr Index kRowsInPlace = 8;  // up to so many rows B is read in place: packing costs a pass over B
// Rows of A a multiple of 4 KB apart fall into one set of the first-level cache, which has fewer ways than a panel
// rows: such rows are copied to rows of another length, where enough columns pay for it.
constexpr Index kCacheSets = 4096;
constexpr Index kColumnsForCopy = 128;
constexpr Index kRowPadding = 16;

template <class T>
struct FloatProduct {
  const Call& call;
  const simd::FloatKernels<T>& kernels;
  const T* a = static_cast<const T*>(call.a);
  const T* b = static_cast<const T*>(call.b);
  T* c = static_cast<T*>(call.c);

  void tile(Range rows, Range columns) const {
    const Index k_blocks = std::max<Index>(1, ceil_div(call.shape.k, kBlockK));
    for (Index block = 0; block < k_blocks; ++block)
      tile_block(rows, columns, part(call.shape.k, 1, block, k_blocks));
  }

  // Where the rows of a tile are read from: packed panels of A', copied rows, or A itself.
  enum class Rows { packed, copied, in_place };

  void tile_block(Range rows, Range columns, Range k) const {
    const auto& product = kernels.product;
    const RowPanels panels(rows.size(), product.max_rows);
    const Rows source = take_rows(rows, columns, k, panels);
    const Index wide = product.panel_columns;
    const Index step = rows.size() <= product.wide_rows ? 2 * wide : wide;
    for (Index j = columns.begin; j < columns.end; j += step) {
      simd::Panel<T, T> p{};
      p.columns = std::min(step, columns.end - j);
      p.k = k.size();
      set_b(p, j, columns.end, k);
      p.ldc = call.ldc;
      for (Index i = 0; i < panels.count; ++i) {
        p.rows = panels[i].size();
        const Index row = rows.begin + panels[i].begin;
        set_a(p, source, i, panels[i].begin, row, k);
        p.c = c + row * call.ldc + j;
        prefetch_c(p, i + 1 < panels.count);
        prefetch_b(part(k.size(), 1, i, panels.count), j + step, columns.end, k);
        if (k.begin > 0 || call.accumulate) {
          p.start = p.c;
          p.start_row = call.ldc;
        } else {
          p.start = call.bias == nullptr ? nullptr : static_cast<const T*>(call.bias) + j;
          p.start_row = 0;
        }
        product.panel(p);
      }
    }
  }

  [[nodiscard]] Rows take_rows(Range rows, Range columns, Range k, const RowPanels& panels) const {
    if (call.ta == Transpose::yes) {
      for (Index i = 0; i < panels.count; ++i) {
        const T* from = a + k.begin * call.lda + rows.begin + panels[i].begin;
        kernels.pack_a({k.size(), panels[i].size(), from, call.lda, packed_a(i, k)});
      }
      return Rows::packed;
    }
    const bool clash = call.lda * static_cast<Index>(sizeof(T)) % kCacheSets == 0;
    if (!clash || rows.size() < 8 || columns.size() < kColumnsForCopy) return Rows::in_place;
    for (Index i = 0; i < rows.size(); ++i) {
      std::copy_n(a + (rows.begin + i) * call.lda + k.begin, k.size(), copied_a(i, k));
    }
    return Rows::copied;
  }
  [[nodiscard]] T* packed_a(Index panel, Range k) const {
    return Scratch::mine().a<T>() + panel * kernels.product.panel_rows * k.size();
  }
  [[nodiscard]] T* copied_a(Index row, Range k) const {
    return Scratch::mine().a<T>() + row * (k.size() + kRowPadding);
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
        p.a_row = k.size() + kRowPadding;
        break;
      case Rows::in_place:
        p.a = a + row * call.lda + k.begin;
        p.a_row = call.lda;
    }
  }

  // The rows of C that the next panel takes.
  void prefetch_c(const simd::Panel<T, T>& p, bool more) const {
    if (!more) return;
    const T* next = p.c + p.rows * call.ldc;
    for (Index i = 0; i < p.rows; ++i) {
      __builtin_prefetch(next + i * call.ldc, 1, 2);
      __builtin_prefetch(next + i * call.ldc + kLine, 1, 2);
    }
  }
  // Some rows of the panel of B that will be packed next: they are far apart, so the processor does not foresee
  // them.
  void prefetch_b(Range some, Index column, Index end, Range k) const {
    if (call.packed || call.tb == Transpose::yes || column >= end) return;
    const T* from = b + k.begin * call.ldb + column;
    for (Index p = some.begin; p < some.end; ++p) {
      __builtin_prefetch(from + p * call.ldb, 0, 2);
      __builtin_prefetch(from + p * call.ldb + kLine, 0, 2);
    }
  }
  static constexpr Index kLine = 64 / sizeof(T);

  void set_b(simd::Panel<T, T>& p, Index column, Index end, Range k) const {
    const Index wide = kernels.product.panel_columns;
    p.b_k = wide;
    if (call.packed) {
      p.b = b + column * call.shape.k + k.begin * wide;
      p.b_next = call.shape.k * wide;
    } else if (call.tb == Transpose::no && call.shape.m <= kRowsInPlace) {
      p.b = b + k.begin * call.ldb + column;
      p.b_k = call.ldb;
      p.b_next = wide;
    } else {
      T* out = Scratch::mine().b<T>();
      p.b = out;
      p.b_next = k.size() * wide;
      for (Index j = column; j < column + p.columns; j += wide, out += p.b_next) {
        pack_b(kernels, call.tb, k, {j, std::min(j + wide, end)}, b, call.ldb, out);
      }
    }
  }

  static void pack_b(const simd::FloatKernels<T>& kernels, Transpose tb, Range k, Range columns, const T* b,
                     Index ldb, T* out) {
    if (tb == Transpose::no) {
      kernels.pack_b({k.size(), columns.size(), b + k.begin * ldb + columns.begin, ldb, out});
    } else {
      kernels.pack_b_transposed({k.size(), columns.size(), b + columns.begin * ldb + k.begin, ldb, out});
    }
  }
};

template <class T>
void pack_all(const simd::FloatKernels<T>& kernels, Transpose tb, Index k, Index n, const void* b, Index ldb,
              void* memory) {
  const Index wide = kernels.product.panel_columns;
  parallel_for(ceil_div(n, wide), std::max<Index>(1, kPackWork / (wide * std::max<Index>(1, k))),
               [&](Index begin, Index end) {
                 for (Index j = begin * wide; j < std::min(n, end * wide); j += wide) {
                   FloatProduct<T>::pack_b(kernels, tb, {0, k}, {j, std::min(j + wide, n)},
                                           static_cast<const T*>(b), ldb, static_cast<T*>(memory) + j * k);
                 }
               });
}

}  // namespace

void own_gemm(const Call& call) {
  const InstructionSet set = instruction_set();
  if (call.arithmetic.dtype == DType::f64) {
    const auto& kernels = *simd::f64_kernels(set);
    run_tiles(FloatProduct<double>{call, kernels}, call.shape, kernels.product.panel_columns);
  } else if (call.arithmetic.precision == Precision::float32) {
    const auto& kernels = *simd::f32_kernels(set);
    run_tiles(FloatProduct<float>{call, kernels}, call.shape, kernels.product.panel_columns);
  } else {
    own_gemm_bfloat16(call);
  }
}

Index own_packed_bytes(Arithmetic arithmetic, Index k, Index n) {
  const InstructionSet set = instruction_set();
  if (arithmetic.dtype == DType::f64) return round_up(n, simd::f64_kernels(set)->product.panel_columns) * k * 8;
  if (arithmetic.precision != Precision::float32) return own_packed_bytes_bfloat16(arithmetic, k, n);
  return round_up(n, simd::f32_kernels(set)->product.panel_columns) * k * 4;
}

void own_pack(Arithmetic arithmetic, Transpose tb, Index k, Index n, const void* b, Index ldb, void* memory) {
  const InstructionSet set = instruction_set();
  if (arithmetic.dtype == DType::f64) return pack_all(*simd::f64_kernels(set), tb, k, n, b, ldb, memory);
  if (arithmetic.precision != Precision::float32) return own_pack_bfloat16(arithmetic, tb, k, n, b, ldb, memory);
  pack_all(*simd::f32_kernels(set), tb, k, n, b, ldb, memory);
}

}  // namespace regard::gemm_detail
