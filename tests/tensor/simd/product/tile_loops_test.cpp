// Tests the tile kernels with emulated tile registers. Few machines have real ones, but errors in the loops around
// them can be found on any machine.
#include "framework/tensor/simd/product/tile_loops.inl"

#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "framework/tensor/cpu.h"
#include "framework/tensor/gemm/blocks.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/tensor/gemm/gemm_paths.h"
#include "tests/tensor/guarded_matrix.h"

namespace regard::testing {
namespace {

float from_bfloat16(std::uint32_t half) { return std::bit_cast<float>(half << 16); }

// The registers as Intel's manual defines them (TILELOADD, TILESTORED, TILEZERO, TDPBF16PS), with all 16 rows and
// 64 bytes in use.
struct ImitatedTiles {
  static inline std::uint32_t tiles[8][16][16];

  template <int t>
  static void load(const void* from, Index stride) {
    for (int row = 0; row < 16; ++row)
      std::memcpy(tiles[t][row], static_cast<const std::byte*>(from) + row * stride, 64);
  }
  template <int t>
  static void store(void* to, Index stride) {
    for (int row = 0; row < 16; ++row) std::memcpy(static_cast<std::byte*>(to) + row * stride, tiles[t][row], 64);
  }
  template <int t>
  static void zero() {
    std::memset(tiles[t], 0, sizeof(tiles[t]));
  }
  template <int c, int a, int b>
  static void dot() {
    for (int m = 0; m < 16; ++m) {
      for (int k = 0; k < 16; ++k) {
        for (int n = 0; n < 16; ++n) {
          float sum = std::bit_cast<float>(tiles[c][m][n]);
          sum += from_bfloat16(tiles[a][m][k] & 0xFFFFU) * from_bfloat16(tiles[b][k][n] & 0xFFFFU);
          sum += from_bfloat16(tiles[a][m][k] >> 16) * from_bfloat16(tiles[b][k][n] >> 16);
          tiles[c][m][n] = std::bit_cast<std::uint32_t>(sum);
        }
      }
    }
  }
};

// Returns a small whole number as bfloat16, so that sums are exact.
std::uint32_t small_number(std::mt19937_64& random) {
  return std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<int>(random() % 9) - 4)) >> 16;
}

void fill(const GuardedMatrix<std::uint32_t>& x, Index rows, std::mt19937_64& random) {
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < x.columns(); ++j) x(i, j) = small_number(random) | (small_number(random) << 16);
  }
}

}  // namespace

TEST_CASE("tile_loops: blocks of every size and start are the sums of their products") {
  std::mt19937_64 random(1);
  for (const Index rows : {1, 15, 16, 17, 31, 32}) {
    for (const Index columns : {1, 16, 20, 32}) {
      for (const Index k : {0, 16, 48}) {
        for (const int start : {0, 1, 2}) {  // nothing, C, a bias
          const GuardedMatrix<std::uint32_t> a(32, k, 0), b(k, 32, 0);
          const GuardedMatrix<float> c(rows, columns, 7), before(rows, columns, 0), bias(1, columns, 0);
          fill(a, rows, random);
          fill(b, k, random);
          for (Index i = 0; i < rows; ++i) {
            for (Index j = 0; j < columns; ++j) c(i, j) = before(i, j) = static_cast<float>(random() % 100);
          }
          for (Index j = 0; j < columns; ++j) bias(0, j) = static_cast<float>(random() % 100);
          simd::Panel<float, std::uint32_t> p{};
          p.rows = rows;
          p.columns = columns;
          p.k = k;
          p.a = a.data();
          p.a_row = k;
          p.a_k = 1;
          p.b = b.data();
          p.b_k = 32;
          p.start = start == 0 ? nullptr : (start == 1 ? c.data() : bias.data());
          p.start_row = start == 1 ? c.ld() : 0;
          p.c = c.data();
          p.ldc = c.ld();
          simd::tile_panel<ImitatedTiles>(p);
          Index wrong = 0;
          for (Index i = 0; i < rows; ++i) {
            for (Index j = 0; j < columns; ++j) {
              float sum = start == 0 ? 0 : (start == 1 ? before(i, j) : bias(0, j));
              for (Index q = 0; q < k; ++q) {
                sum += from_bfloat16(a(i, q) & 0xFFFFU) * from_bfloat16(b(q, j) & 0xFFFFU);
                sum += from_bfloat16(a(i, q) >> 16) * from_bfloat16(b(q, j) >> 16);
              }
              if (c(i, j) != sum) ++wrong;
            }
          }
          INFO("rows " << rows << " columns " << columns << " k " << k << " start " << start);
          CHECK(wrong == 0);
          CHECK(c.padding_untouched());
        }
      }
    }
  }
}

TEST_CASE("tile_loops: a product by tiles has the bytes of the vector kernels if sums are exact") {
  if (best_instruction_set() < InstructionSet::avx512_bf16)
    REGARD_SKIP("packing pairs of bfloat16 needs avx512_bf16");
  simd::Bfloat16Kernels tiles = *simd::bfloat16_kernels(InstructionSet::avx512_bf16);
  tiles.product = {32, 0, 32, 32, 16, simd::tile_panel<ImitatedTiles>};  // as for AMX
  tiles.pack_a_across = nullptr;
  std::mt19937_64 random(2);
  const int before = threads();
  set_threads(1);  // all threads share the emulated registers
  for (const Precision precision : {Precision::bfloat16, Precision::bfloat16x3}) {
    const ForcedPath forced({Backend::own, InstructionSet::avx512_bf16, precision});  // for any REGARD_ISA
    for (const GemmShape shape : {GemmShape{70, 75, 90}, GemmShape{5, 33, 1100}, GemmShape{33, 64, 31}}) {
      const auto [m, n, k] = shape;
      const GuardedMatrix<float> a(m, k, 0), at(k, m, 0), b(k, n, 3), exact(m, n, 0), c(m, n, 5);
      for (Index p = 0; p < k; ++p) {
        // Numbers of 8.5 bits: enough that not all low halves are 0, and few enough that all sums are exact.
        for (Index i = 0; i < m; ++i)
          a(i, p) = at(p, i) = static_cast<float>(static_cast<int>(random() % 1025) - 512);
        for (Index j = 0; j < n; ++j) b(p, j) = static_cast<float>(static_cast<int>(random() % 5) - 2);
      }
      std::vector<std::byte> memory(
          static_cast<std::size_t>(gemm_detail::own_packed_bytes_bfloat16(tiles, precision, k, n)));
      gemm_detail::own_pack_bfloat16(tiles, precision, Transpose::no, k, n, b.data(), b.ld(), memory.data());
      gemm({DType::f32, precision}, Transpose::no, Transpose::no, shape, a.data(), k, b.data(), b.ld(), false,
           exact.data(), n);
      for (const bool packed : {false, true}) {
        gemm_detail::own_gemm_bfloat16({{DType::f32, precision},
                                        packed ? Transpose::no : Transpose::yes,
                                        Transpose::no,
                                        shape,
                                        packed ? a.data() : at.data(),
                                        packed ? k : m,
                                        packed ? static_cast<const void*>(memory.data()) : b.data(),
                                        b.ld(),
                                        packed,
                                        false,
                                        nullptr,
                                        c.data(),
                                        c.ld()},
                                       tiles);
        INFO(name_of(precision) << " m " << m << " n " << n << " k " << k << " packed " << packed);
        CHECK(c.same_bytes(exact));
        CHECK(c.padding_untouched());
      }
    }
  }
  set_threads(before);
}

}  // namespace regard::testing
