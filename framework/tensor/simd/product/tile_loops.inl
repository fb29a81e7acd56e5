#pragma once
// Products of pairs of bfloat16 by tile registers, over an engine that has them (Intel AMX) or imitates them (a
// test):
//   load<t>(pointer, stride in bytes), store<t>(…), zero<t>(): tile t, 16 rows of 64 bytes;
//   dot<c, a, b>(): tile c (float32) += tile a (16 rows of 16 pairs) x tile b (16 pairs of k, 16 columns).
// Two by two tiles of C are in registers 0 … 3, tiles of A in 4 and 5, of B in 6 and 7.
#include "framework/tensor/simd/product/kernels.h"

namespace regard::simd {
namespace {

constexpr Index kTile = 16;

template <class Engine, int R, int C>
void tile_loop(const Panel<float, std::uint32_t>& p, float* c, Index ldc, bool from_c) {
  const Index c_bytes = ldc * static_cast<Index>(sizeof(float));
  const Index a_bytes = p.a_row * static_cast<Index>(sizeof(float));
  const Index b_bytes = p.b_k * static_cast<Index>(sizeof(float));
  // Copies of members of p: the compiler would read p again after every load of a tile.
  const Index last = p.k, a_next = kTile * p.a_row, b_k = p.b_k;
  const std::uint32_t* const a = p.a;
  const std::uint32_t* const b = p.b;
  if (from_c) {
    Engine::template load<0>(c, c_bytes);
    if constexpr (C == 2) Engine::template load<1>(c + kTile, c_bytes);
    if constexpr (R == 2) Engine::template load<2>(c + kTile * ldc, c_bytes);
    if constexpr (R == 2 && C == 2) Engine::template load<3>(c + kTile * ldc + kTile, c_bytes);
  } else {
    Engine::template zero<0>();
    Engine::template zero<1>();
    Engine::template zero<2>();
    Engine::template zero<3>();
  }
  for (Index k = 0; k < last; k += kTile) {
    Engine::template load<4>(a + k, a_bytes);
    Engine::template load<6>(b + k * b_k, b_bytes);
    Engine::template dot<0, 4, 6>();
    if constexpr (C == 2) {
      Engine::template load<7>(b + k * b_k + kTile, b_bytes);
      Engine::template dot<1, 4, 7>();
    }
    if constexpr (R == 2) {
      Engine::template load<5>(a + a_next + k, a_bytes);
      Engine::template dot<2, 5, 6>();
      if constexpr (C == 2) Engine::template dot<3, 5, 7>();
    }
  }
  Engine::template store<0>(c, c_bytes);
  if constexpr (C == 2) Engine::template store<1>(c + kTile, c_bytes);
  if constexpr (R == 2) Engine::template store<2>(c + kTile * ldc, c_bytes);
  if constexpr (R == 2 && C == 2) Engine::template store<3>(c + kTile * ldc + kTile, c_bytes);
}

template <class Engine>
void tile_loop_for(const Panel<float, std::uint32_t>& p, float* c, Index ldc, bool from_c) {
  if (p.rows > kTile) {
    p.columns > kTile ? tile_loop<Engine, 2, 2>(p, c, ldc, from_c) : tile_loop<Engine, 2, 1>(p, c, ldc, from_c);
  } else {
    p.columns > kTile ? tile_loop<Engine, 1, 2>(p, c, ldc, from_c) : tile_loop<Engine, 1, 1>(p, c, ldc, from_c);
  }
}

// Computes at most 32 x 32 elements. If C does not consist of whole tiles, or starts from a bias, the sums are computed in a
// separate square, in the same order. Rows of A beyond p.rows are read (there is room for them), and their sums are not used.
template <class Engine>
void tile_panel(const Panel<float, std::uint32_t>& p) {
  const bool whole = p.rows % kTile == 0 && p.columns % kTile == 0;
  if (whole && (p.start == nullptr || p.start == p.c)) {
    return tile_loop_for<Engine>(p, p.c, p.ldc, p.start != nullptr);
  }
  alignas(64) float square[2 * kTile][2 * kTile];
  if (p.start != nullptr) {
    for (Index i = 0; i < p.rows; ++i) {
      for (Index j = 0; j < p.columns; ++j) square[i][j] = p.start[i * p.start_row + j];
    }
  }
  tile_loop_for<Engine>(p, &square[0][0], 2 * kTile, p.start != nullptr);
  for (Index i = 0; i < p.rows; ++i) {
    for (Index j = 0; j < p.columns; ++j) p.c[i * p.ldc + j] = square[i][j];
  }
}

}  // namespace
}  // namespace regard::simd
