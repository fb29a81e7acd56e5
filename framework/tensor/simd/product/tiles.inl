#pragma once
// The tile instructions of Intel AMX, written here because the intrinsics do not tell the compiler what they read.
// In GCC 12 _tile_loadconfig names 8 of the 64 bytes of its operand, so that stores to the others are dropped, and
// _tile_loadd names no memory at all, so that stores to what it loads may come after it, or never. Here each
// instruction names all memory that it touches. The compiler does not allocate tile registers: their order is that
// of the instructions, which `volatile` keeps.
//
// No compiler flag is needed, only an assembler that knows the instructions (binutils 2.34, LLVM 11). They may
// only run between tile_configure() and tile_release(), where cpu.h says that there is amx.
#include "framework/base/base.h"

#if defined(__x86_64__)

namespace regard::simd {
namespace {

// Palette 1: eight tiles of 16 rows of 64 bytes. The layout is the processor's.
struct alignas(64) TileConfig {
  std::uint8_t palette = 1;
  std::uint8_t start_row = 0;
  std::uint8_t reserved[14] = {};
  std::uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  std::uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);
constexpr TileConfig kTileConfig;

inline void tile_configure() { asm volatile("ldtilecfg %[config]" : : [config] "m"(kTileConfig)); }
inline void tile_release() { asm volatile("tilerelease"); }

// Loads or stores tile t: 16 rows, `stride` bytes apart. The compiler is told that any memory may be read or written, because
// the extent depends on the stride.
template <int t>
void tile_load(const void* from, Index stride) {
  static_assert(0 <= t && t < 8);
  asm volatile("tileloadd (%[from],%[stride],1), %%tmm%c[tile]"
               :
               : [from] "r"(from), [stride] "r"(stride), [tile] "i"(t)
               : "memory");
}
template <int t>
void tile_store(void* to, Index stride) {
  static_assert(0 <= t && t < 8);
  asm volatile("tilestored %%tmm%c[tile], (%[to],%[stride],1)"
               :
               : [to] "r"(to), [stride] "r"(stride), [tile] "i"(t)
               : "memory");
}

template <int t>
void tile_zero() {
  static_assert(0 <= t && t < 8);
  asm volatile("tilezero %%tmm%c[tile]" : : [tile] "i"(t));
}

// Tile c (float32) += tile a (16 rows of 16 pairs of bfloat16) x tile b (16 pairs of k, 16 columns).
template <int c, int a, int b>
void tile_dot() {
  static_assert(0 <= c && c < 8 && 0 <= a && a < 8 && 0 <= b && b < 8);
  asm volatile("tdpbf16ps %%tmm%c[b], %%tmm%c[a], %%tmm%c[c]" : : [a] "i"(a), [b] "i"(b), [c] "i"(c));
}

}  // namespace
}  // namespace regard::simd

#endif
