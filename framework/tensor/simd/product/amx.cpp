// Products of pairs of bfloat16 with the tile registers of Intel AMX; only called where CPUID and the kernel allow
// it.
#include "framework/tensor/simd/product/pack_bfloat16.inl"
#include "framework/tensor/simd/product/tables.h"
#include "framework/tensor/simd/product/tile_loops.inl"

namespace regard::simd {
namespace {

// The intrinsics want their tile as a literal.
struct Tiles {
  template <int t>
  static void load(const void* from, Index stride) {
    const auto bytes = static_cast<std::size_t>(stride);
    if constexpr (t == 0) _tile_loadd(0, from, bytes);
    if constexpr (t == 1) _tile_loadd(1, from, bytes);
    if constexpr (t == 2) _tile_loadd(2, from, bytes);
    if constexpr (t == 3) _tile_loadd(3, from, bytes);
    if constexpr (t == 4) _tile_loadd(4, from, bytes);
    if constexpr (t == 5) _tile_loadd(5, from, bytes);
    if constexpr (t == 6) _tile_loadd(6, from, bytes);
    if constexpr (t == 7) _tile_loadd(7, from, bytes);
  }
  template <int t>
  static void store(void* to, Index stride) {
    const auto bytes = static_cast<std::size_t>(stride);
    if constexpr (t == 0) _tile_stored(0, to, bytes);
    if constexpr (t == 1) _tile_stored(1, to, bytes);
    if constexpr (t == 2) _tile_stored(2, to, bytes);
    if constexpr (t == 3) _tile_stored(3, to, bytes);
  }
  template <int t>
  static void zero() {
    if constexpr (t == 0) _tile_zero(0);
    if constexpr (t == 1) _tile_zero(1);
    if constexpr (t == 2) _tile_zero(2);
    if constexpr (t == 3) _tile_zero(3);
  }
  template <int c, int a, int b>
  static void dot() {
    static_assert(a == 4 + c / 2 && b == 6 + c % 2);
    if constexpr (c == 0) _tile_dpbf16ps(0, 4, 6);
    if constexpr (c == 1) _tile_dpbf16ps(1, 4, 7);
    if constexpr (c == 2) _tile_dpbf16ps(2, 5, 6);
    if constexpr (c == 3) _tile_dpbf16ps(3, 5, 7);
  }
};

// Palette 1: eight tiles of 16 rows of 64 bytes.
struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);

void configure() {
  const TileConfig config;
  _tile_loadconfig(&config);
}
void release() { _tile_release(); }

}  // namespace

constinit const Bfloat16Kernels kBfloat16Amx = {{2 * kTile, 0, 2 * kTile, 2 * kTile, kTile, tile_panel<Tiles>},
                                                configure,
                                                release,
                                                pack_pairs_a,
                                                pack_pairs_b,
                                                nullptr};

}  // namespace regard::simd
