#include "bench/peak.h"

#include <algorithm>
#include <chrono>

#include "framework/base/parallel.h"
#include "framework/tensor/cpu.h"
#include "framework/tensor/simd/product/tiles.inl"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace regard::bench {
namespace {

constexpr int kSums = 16;  // more than latency times units, so that no unit waits
constexpr Index kRounds = 20000;
constexpr Index kTileRounds = kRounds / 8;

using Kernel = void (*)();

#if defined(__x86_64__)

// An empty assembly block reads the sums, so that the compiler computes them and keeps them in registers.
__attribute__((target("avx512f"))) void fma_avx512() {
  __m512 sum[kSums];
#pragma GCC unroll 16
  for (auto& s : sum) s = _mm512_setzero_ps();
  const __m512 x = _mm512_set1_ps(0.5F), y = _mm512_set1_ps(0.25F);
  for (Index i = 0; i < kRounds; ++i) {
#pragma GCC unroll 16
    for (auto& s : sum) {
      s = _mm512_fmadd_ps(x, y, s);
      asm volatile("" : "+v"(s));
    }
  }
}

__attribute__((target("avx512f,avx512bf16"))) void pairs_avx512() {
  __m512 sum[kSums];
#pragma GCC unroll 16
  for (auto& s : sum) s = _mm512_setzero_ps();
  const auto x = (__m512bh)_mm512_set1_epi32(0x3F003F00);
  for (Index i = 0; i < kRounds; ++i) {
#pragma GCC unroll 16
    for (auto& s : sum) {
      s = _mm512_dpbf16_ps(s, x, x);
      asm volatile("" : "+v"(s));
    }
  }
}

__attribute__((target("avx2,fma"))) void fma_avx2() {
  __m256 sum[12];
#pragma GCC unroll 12
  for (auto& s : sum) s = _mm256_setzero_ps();
  const __m256 x = _mm256_set1_ps(0.5F), y = _mm256_set1_ps(0.25F);
  for (Index i = 0; i < kRounds; ++i) {
#pragma GCC unroll 12
    for (auto& s : sum) {
      s = _mm256_fmadd_ps(x, y, s);
      asm volatile("" : "+x"(s));
    }
  }
}

void tiles_amx() {
  simd::tile_configure();
  for (Index i = 0; i < kTileRounds; ++i) {
    simd::tile_dot<0, 4, 6>();
    simd::tile_dot<1, 4, 7>();
    simd::tile_dot<2, 5, 6>();
    simd::tile_dot<3, 5, 7>();
  }
  simd::tile_release();
}

#endif

// Multiplications and additions of 16-byte vectors: two instructions, where the other kernels have one.
using Four = float __attribute__((vector_size(16)));
void plain() {
  Four sum[12];
#pragma GCC unroll 12
  for (auto& s : sum) s = Four{};
  Four x = {0.5F, 0.5F, 0.5F, 0.5F};
  for (Index i = 0; i < kRounds; ++i) {
#pragma GCC unroll 12
    for (auto& s : sum) {
      s = x * x + s;
#if defined(__x86_64__)
      asm volatile("" : "+x"(s), "+x"(x));
#else
      asm volatile("" : "+w"(s), "+w"(x));
#endif
    }
  }
}

}  // namespace

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

namespace {

double best_rate(Kernel kernel, double operations) {
  double best = 1e9;
  for (int run = 0; run < 200; ++run) {
    const double begin = seconds();
    parallel_for(threads(), 1, [&](Index from, Index to) {
      for (Index i = from; i < to; ++i) kernel();
    });
    best = std::min(best, seconds() - begin);
  }
  return operations * threads() / best * 1e-9;
}

}  // namespace

double float32_peak() {
#if defined(__x86_64__)
  if (instruction_set() >= InstructionSet::avx512) return best_rate(fma_avx512, kRounds * kSums * 32.0);
  if (instruction_set() == InstructionSet::avx2) return best_rate(fma_avx2, kRounds * 12 * 16.0);
#endif
  return best_rate(plain, kRounds * 12 * 8.0);
}

double bfloat16_peak() {
#if defined(__x86_64__)
  if (instruction_set() == InstructionSet::amx) return best_rate(tiles_amx, kTileRounds * 4 * 16384.0);
  if (instruction_set() == InstructionSet::avx512_bf16) return best_rate(pairs_avx512, kRounds * kSums * 64.0);
#endif
  return 0;
}

}  // namespace regard::bench
