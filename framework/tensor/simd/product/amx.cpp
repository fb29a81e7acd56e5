// Products of pairs of bfloat16 with the tile registers of Intel AMX; only called where CPUID and the kernel allow
// it.
#include "framework/tensor/simd/product/pack_bfloat16.inl"
#include "framework/tensor/simd/product/tables.h"
#include "framework/tensor/simd/product/tile_loops.inl"
#include "framework/tensor/simd/product/tiles.inl"

namespace regard::simd {
namespace {

struct Tiles {
  template <int t>
  static void load(const void* from, Index stride) {
    tile_load<t>(from, stride);
  }
  template <int t>
  static void store(void* to, Index stride) {
    tile_store<t>(to, stride);
  }
  template <int t>
  static void zero() {
    tile_zero<t>();
  }
  template <int c, int a, int b>
  static void dot() {
    tile_dot<c, a, b>();
  }
};

}  // namespace

constinit const Bfloat16Kernels kBfloat16Amx = {{2 * kTile, 0, 2 * kTile, 2 * kTile, kTile, tile_panel<Tiles>},
                                                tile_configure,
                                                tile_release,
                                                pack_pairs_a,
                                                pack_pairs_b,
                                                nullptr};

}  // namespace regard::simd
