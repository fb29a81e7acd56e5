// Products by our own kernels. A product is cut into tiles of C for the threads; a tile walks k in blocks (k is
// one chain of additions for an element, so where it is cut does not show), packs its rows of A where they are not
// usable in place, and takes B panel by panel: packed before, packed now into a buffer that stays in cache, or in
// place.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/tensor/gemm_backends.h"
#include "framework/tensor/simd/product_kernels.h"

namespace regard::gemm_detail {
namespace {

constexpr Index kBlockK = 512;        // elements of k a block: a panel of B is then 64 KB
constexpr Index kBlockRows = 252;     // rows of A a tile: 252 x 512 floats are half of a 1 MB second-level cache
constexpr Index kRowsInPlace = 8;     // up to so many rows B is read in place: packing costs a pass over B
constexpr Index kTileWork = 1 << 20;  // multiply-adds worth handing to another thread, about 10 us
constexpr Index kTilesPerThread = 4;  // for balance
constexpr Index kScratchA = kBlockRows * kBlockK * 8;
constexpr Index kScratchB = 2 * 32 * kBlockK * 8;

constexpr Index ceil_div(Index a, Index b) { return (a + b - 1) / b; }
constexpr Index round_up(Index a, Index unit) { return ceil_div(a, unit) * unit; }

// What a thread packs into, taken once.
struct Scratch {
  struct Free {
    void operator()(std::byte* p) const noexcept { ::operator delete (p, std::align_val_t{64}); }
  };
  std::unique_ptr<std::byte, Free> memory{static_cast<std::byte*>(
      ::operator new (static_cast<std::size_t>(kScratchA + kScratchB), std::align_val_t{64}))};
  template <class E>
  [[nodiscard]] E* a() const {
    return reinterpret_cast<E*>(memory.get());
  }
  template <class E>
  [[nodiscard]] E* b() const {
    return reinterpret_cast<E*>(memory.get() + kScratchA);
  }
};

Scratch& scratch() {
  thread_local Scratch mine;
  return mine;
}

struct Tiling {
  Index row_tiles, column_tiles;  // of about equal size
};

// Enough tiles for the threads' balance, none too small to be worth it.
Tiling choose_tiles(const GemmShape& s, Index panel_columns) {
  const Index panels = ceil_div(s.n, panel_columns);
  const Index work = s.m * s.n * std::max<Index>(1, s.k);
  const Index wanted = std::clamp<Index>(work / kTileWork, 1, threads() == 1 ? 1 : kTilesPerThread * threads());
  Tiling t{ceil_div(s.m, kBlockRows), 1};
  t.column_tiles = std::min(ceil_div(wanted, t.row_tiles), ceil_div(panels, 4));
  if (t.row_tiles * t.column_tiles < wanted) {
    t.row_tiles = std::max(t.row_tiles, std::min(ceil_div(wanted, t.column_tiles), ceil_div(s.m, 56)));
  }
  return t;
}

// The part [begin, end) of `count` in units that piece i of `pieces` takes.
struct Range {
  Index begin, end;
};
Range part(Index count, Index unit, Index i, Index pieces) {
  const Index units = ceil_div(count, unit);
  return {units * i / pieces * unit, std::min(count, units * (i + 1) / pieces * unit)};
}

// Rows of a tile in panels of nearly equal height, none above the kernels' limit.
struct RowPanels {
  Index count, rows;
  RowPanels(Index all, Index limit) : count(ceil_div(all, limit)), rows(all) {}
  [[nodiscard]] Range operator[](Index i) const { return {rows * i / count, rows * (i + 1) / count}; }
};

template <class T>
struct FloatProduct {
  const Call& call;
  const simd::FloatKernels<T>& kernels;
  const T* a = static_cast<const T*>(call.a);
  const T* b = static_cast<const T*>(call.b);
  T* c = static_cast<T*>(call.c);

  // A column-major slice of A as [panel][k][rows of the panel].
  void pack_a(Range rows, Range k, const RowPanels& panels, T* out) const {
    const Index kc = k.end - k.begin;
    for (Index i = 0; i < panels.count; ++i) {
      const Index first = panels[i].begin, height = panels[i].end - first;
      const T* from = a + k.begin * call.lda + rows.begin + first;
      T* to = out + first * kc;
      for (Index p = 0; p < kc; ++p) {
        for (Index r = 0; r < height; ++r) to[p * height + r] = from[p * call.lda + r];
      }
    }
  }

  void tile(Range rows, Range columns) const {
    const auto& product = kernels.product;
    const Index k_blocks = std::max<Index>(1, ceil_div(call.shape.k, kBlockK));
    const Index wide = product.panel_columns;
    const bool in_place = !call.packed && call.tb == Transpose::no && call.shape.m <= kRowsInPlace;
    const RowPanels panels(rows.end - rows.begin, product.max_rows);
    const Index step = panels.rows <= product.wide_rows ? 2 * wide : wide;
    const Scratch& mine = scratch();
    for (Index block = 0; block < k_blocks; ++block) {
      const Range k = part(call.shape.k, 1, block, k_blocks);
      const Index kc = k.end - k.begin;
      if (call.ta == Transpose::yes) pack_a(rows, k, panels, mine.a<T>());
      for (Index j = columns.begin; j < columns.end; j += step) {
        simd::Panel<T, T> p{};
        p.columns = std::min(step, columns.end - j);
        p.k = kc;
        p.b_k = in_place ? call.ldb : wide;
        p.b_next = wide;
        if (call.packed) {
          p.b = b + j * call.shape.k + k.begin * wide;
          p.b_next = call.shape.k * wide;
        } else if (in_place) {
          p.b = b + k.begin * call.ldb + j;
        } else {
          p.b = mine.b<T>();
          p.b_next = kc * wide;
          for (Index panel = 0; panel < p.columns; panel += wide)
            pack_b(k, j + panel, columns.end, mine.b<T>() + panel * kc);
        }
        p.ldc = call.ldc;
        for (Index i = 0; i < panels.count; ++i) {
          const Range r = panels[i];
          const Index row = rows.begin + r.begin;
          p.rows = r.end - r.begin;
          if (call.ta == Transpose::yes) {
            p.a = mine.a<T>() + r.begin * kc;
            p.a_row = 1;
            p.a_k = p.rows;
          } else {
            p.a = a + row * call.lda + k.begin;
            p.a_row = call.lda;
            p.a_k = 1;
          }
          p.c = c + row * call.ldc + j;
          if (block > 0 || call.accumulate) {
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
  }

  void pack_b(Range k, Index column, Index end, T* out) const {
    pack_panel(kernels, call.tb, k, column, std::min(kernels.product.panel_columns, end - column), b, call.ldb,
               out);
  }

  static void pack_panel(const simd::FloatKernels<T>& kernels, Transpose tb, Range k, Index column, Index columns,
                         const T* b, Index ldb, T* out) {
    if (tb == Transpose::no) {
      kernels.pack({k.end - k.begin, columns, b + k.begin * ldb + column, ldb, out});
    } else {
      kernels.pack_transposed({k.end - k.begin, columns, b + column * ldb + k.begin, ldb, out});
    }
  }
};

template <class Product>
void run(const Product& product, const GemmShape& shape, Index panel_columns) {
  const Tiling t = choose_tiles(shape, panel_columns);
  for_each_tile(
      t.row_tiles * t.column_tiles, threads(), [] { scratch(); },
      [&](Index tile) {
        product.tile(part(shape.m, 1, tile % t.row_tiles, t.row_tiles),
                     part(shape.n, panel_columns, tile / t.row_tiles, t.column_tiles));
      });
}

template <class T>
void run_float(const Call& call, const simd::FloatKernels<T>& kernels) {
  run(FloatProduct<T>{call, kernels}, call.shape, kernels.product.panel_columns);
}

template <class T>
void pack_float(const simd::FloatKernels<T>& kernels, Transpose tb, Index k, Index n, const void* b, Index ldb,
                void* memory) {
  const Index wide = kernels.product.panel_columns;
  parallel_for(ceil_div(n, wide), std::max<Index>(1, (1 << 16) / (wide * std::max<Index>(1, k))),
               [&](Index begin, Index end) {
                 for (Index panel = begin; panel < end; ++panel) {
                   FloatProduct<T>::pack_panel(kernels, tb, {0, k}, panel * wide, std::min(wide, n - panel * wide),
                                               static_cast<const T*>(b), ldb,
                                               static_cast<T*>(memory) + panel * wide * k);
                 }
               });
}

}  // namespace

void own_gemm(const Call& call) {
  const InstructionSet set = instruction_set();
  if (call.arithmetic.dtype == DType::f64) return run_float(call, *simd::f64_kernels(set));
  run_float(call, *simd::f32_kernels(set));
}

Index own_packed_bytes(Arithmetic arithmetic, Index k, Index n) {
  const InstructionSet set = instruction_set();
  const Index wide = arithmetic.dtype == DType::f64 ? simd::f64_kernels(set)->product.panel_columns
                                                    : simd::f32_kernels(set)->product.panel_columns;
  return round_up(n, wide) * k * size_of(arithmetic.dtype);
}

void own_pack(Arithmetic arithmetic, Transpose tb, Index k, Index n, const void* b, Index ldb, void* memory) {
  const InstructionSet set = instruction_set();
  if (arithmetic.dtype == DType::f64) return pack_float(*simd::f64_kernels(set), tb, k, n, b, ldb, memory);
  pack_float(*simd::f32_kernels(set), tb, k, n, b, ldb, memory);
}

}  // namespace regard::gemm_detail
