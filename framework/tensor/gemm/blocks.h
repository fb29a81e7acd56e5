#pragma once
// Splits products into blocks for our own kernels, for float and bfloat16 operands. Private to gemm/own*.cpp.
#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>

#include "framework/base/parallel.h"
#include "framework/tensor/gemm/backends.h"
#include "framework/tensor/simd/product/kernels.h"

namespace regard::gemm_detail {

// Block sizes of a product, in elements of a packed operand (f32, f64, or a pair of bfloat16). A block of `rows`
// of A stays in the second-level cache (of 512 KB and more) while B is read. If B is packed during the product, a
// block of its columns is packed together and read once for each block of rows.
struct Blocking {
  Index k, rows, columns;
};
inline constexpr Blocking kPackedB = {512, 224, std::numeric_limits<Index>::max()};
inline constexpr Blocking kPlainB = {256, 144, 512};

inline constexpr Index kTileWork = 1 << 20;  // multiply-adds worth handing to another thread, about 10 us
inline constexpr Index kPackWork = 1 << 16;  // elements packed worth handing to another thread
// The bytes of a thread's packing memory. A packed panel of A' may have space for a third more rows than it
// contains (8 for 6).
inline constexpr Index kScratchA = 176 * 1024 * 8;
inline constexpr Index kScratchB = 512 * 256 * 8;

constexpr Index ceil_div(Index a, Index b) { return (a + b - 1) / b; }
constexpr Index round_up(Index a, Index unit) { return ceil_div(a, unit) * unit; }

struct Range {
  Index begin, end;
  [[nodiscard]] constexpr Index size() const { return end - begin; }
};

// Returns the range of piece i of `pieces` in [0, count), in whole units except for the last one.
constexpr Range part(Index count, Index unit, Index i, Index pieces) {
  const Index units = ceil_div(count, unit);
  return {units * i / pieces * unit, std::min(count, units * (i + 1) / pieces * unit)};
}

// Splits a tile's rows into panels of equal height, except for the last; no panel is above the kernels' limit.
struct RowPanels {
  Index rows, height, count;
  constexpr RowPanels(Index all, Index limit)
      : rows(all), height(ceil_div(all, ceil_div(all, limit))), count(ceil_div(all, height)) {}
  constexpr Range operator[](Index i) const { return {i * height, std::min(rows, (i + 1) * height)}; }
};

// The packing memory of a thread, allocated once and freed when the thread ends.
class Scratch {
 public:
  static Scratch& mine() {
    thread_local Scratch scratch;
    return scratch;
  }
  template <class E>
  [[nodiscard]] E* a() const {
    return reinterpret_cast<E*>(memory_.get());
  }
  template <class E>
  [[nodiscard]] E* b() const {
    return reinterpret_cast<E*>(memory_.get() + kScratchA);
  }

 private:
  struct Free {
    void operator()(std::byte* p) const noexcept { ::operator delete (p, std::align_val_t{64}); }
  };
  std::unique_ptr<std::byte, Free> memory_{static_cast<std::byte*>(
      ::operator new (static_cast<std::size_t>(kScratchA + kScratchB), std::align_val_t{64}))};
};

struct Tiling {
  Index row_tiles, column_tiles;  // of nearly equal size
};

// Chooses enough tiles to balance the threads, but none too small; fewer tiles if each packs rows of A.
inline Tiling choose_tiles(const GemmShape& s, Index row_limit, Index panel_columns, bool packs_a) {
  const Index panels = ceil_div(s.n, panel_columns);
  const Index work = s.m * s.n * std::max<Index>(1, s.k);
  const Index most = threads() == 1 ? 1 : (packs_a ? 2 : 4) * threads();
  const Index wanted = std::clamp<Index>(work / kTileWork, 1, most);
  const Index most_rows = ceil_div(s.m, 56);
  Tiling t{ceil_div(s.m, row_limit), 1};
  // Each tile packs its own operands: split the longer side, so that only the shorter one is packed repeatedly.
  if (packs_a && s.m > s.n) t.row_tiles = std::max(t.row_tiles, std::min(wanted, most_rows));
  t.column_tiles = std::min(ceil_div(wanted, t.row_tiles), ceil_div(panels, 4));
  if (t.row_tiles * t.column_tiles < wanted) {
    t.row_tiles = std::max(t.row_tiles, std::min(ceil_div(wanted, t.column_tiles), most_rows));
  }
  return t;
}

// Calls product.tile(rows, columns) for every tile of C, on all threads.
template <class Product>
void run_tiles(const Product& product, const GemmShape& shape, Index row_limit, Index panel_columns,
               bool packs_a) {
  const Tiling t = choose_tiles(shape, row_limit, panel_columns, packs_a);
  parallel_draw(
      t.row_tiles * t.column_tiles, [] { Scratch::mine(); },
      [&](Index tile) {
        product.tile(part(shape.m, 1, tile % t.row_tiles, t.row_tiles),
                     part(shape.n, panel_columns, tile / t.row_tiles, t.column_tiles));
      });
}

// Computes a product with bfloat16 operands (own_bfloat16.cpp) by the given kernels; a test passes imitated ones.
void own_gemm_bfloat16(const Call& call, const simd::Bfloat16Kernels& kernels);
[[nodiscard]] Index own_packed_bytes_bfloat16(const simd::Bfloat16Kernels& kernels, Precision precision, Index k,
                                              Index n);
void own_pack_bfloat16(const simd::Bfloat16Kernels& kernels, Precision precision, Transpose tb, Index k, Index n,
                       const void* b, Index ldb, void* memory);

}  // namespace regard::gemm_detail
