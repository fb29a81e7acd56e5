#pragma once
// 32-byte vectors of AVX2 and FMA. See product/loops.inl.
#include <immintrin.h>

#include "framework/base/base.h"

namespace regard::simd {
namespace {

alignas(32) constexpr std::int32_t kMaskWindow[16] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

// The first `count` of 8 lanes of 4 bytes.
inline __m256i first_lanes(Index count) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kMaskWindow + 8 - count));
}

struct F32x8 {
  using Scalar = float;
  using Element = float;
  using Vector = __m256;
  typedef std::int32_t Int __attribute__((vector_size(32)));
  typedef std::uint64_t Words __attribute__((vector_size(32)));  // words of 32 bits in lanes of 64
  typedef double Wide __attribute__((vector_size(64)));          // as many lanes as Vector
  using Operand = __m256;
  static constexpr int kLanes = 8;
  static constexpr int kRows = 6;
  static constexpr int kWideRows = 2;
  static constexpr int kDotRows = 2;

  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector load(const float* p) { return _mm256_loadu_ps(p); }
  static Vector load(const float* p, Index count) { return _mm256_maskload_ps(p, first_lanes(count)); }
  static void store(float* p, Vector v) { _mm256_storeu_ps(p, v); }
  static void store(float* p, Vector v, Index count) { _mm256_maskstore_ps(p, first_lanes(count), v); }
  static Operand operand(const float* p) { return load(p); }
  static Operand operand(const float* p, Index count) { return load(p, count); }
  static Vector broadcast(const float* p) { return _mm256_broadcast_ss(p); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
  static Vector square_root(Vector v) { return _mm256_sqrt_ps(v); }
  // Multiplies the lower word of each lane of 64 bits.
  static Words product_of_words(Words a, std::uint32_t b) {
    return (Words)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(b));
  }
  static float sum(Vector v) {
    __m128 x = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    x = _mm_add_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
  }
  static void transpose(const float* from, Index ld, float* out, Index out_ld) {
    __m256 r[8], s[8];
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) r[i] = _mm256_loadu_ps(from + i * ld);
#pragma GCC unroll 4
    for (int i = 0; i < 8; i += 2) {
      s[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
      s[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 8; i += 4) {
      r[i] = _mm256_shuffle_ps(s[i], s[i + 2], 0x44);
      r[i + 1] = _mm256_shuffle_ps(s[i], s[i + 2], 0xEE);
      r[i + 2] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0x44);
      r[i + 3] = _mm256_shuffle_ps(s[i + 1], s[i + 3], 0xEE);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      _mm256_storeu_ps(out + i * out_ld, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
      _mm256_storeu_ps(out + (i + 4) * out_ld, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
    }
  }
};

struct F64x4 {
  using Scalar = double;
  using Element = double;
  using Vector = __m256d;
  using Operand = __m256d;
  static constexpr int kLanes = 4;
  static constexpr int kRows = 6;
  static constexpr int kWideRows = 0;
  static constexpr int kDotRows = 2;

  static Vector zero() { return _mm256_setzero_pd(); }
  static Vector load(const double* p) { return _mm256_loadu_pd(p); }
  static Vector load(const double* p, Index count) { return _mm256_maskload_pd(p, first_lanes(2 * count)); }
  static void store(double* p, Vector v) { _mm256_storeu_pd(p, v); }
  static void store(double* p, Vector v, Index count) { _mm256_maskstore_pd(p, first_lanes(2 * count), v); }
  static Operand operand(const double* p) { return load(p); }
  static Operand operand(const double* p, Index count) { return load(p, count); }
  static Vector broadcast(const double* p) { return _mm256_broadcast_sd(p); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm256_fmadd_pd(a, b, c); }
  static double sum(Vector v) {
    const __m128d x = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
    return _mm_cvtsd_f64(_mm_add_sd(x, _mm_unpackhi_pd(x, x)));
  }
  static void transpose(const double* from, Index ld, double* out, Index out_ld) {
    for (int j = 0; j < kLanes; ++j) {
      for (int k = 0; k < kLanes; ++k) out[k * out_ld + j] = from[j * ld + k];
    }
  }
};

}  // namespace
}  // namespace regard::simd
