#pragma once
// 64-byte vectors of AVX-512 (F, BW, DQ, VL). See product/loops.inl.
#include <immintrin.h>

#include "framework/base/base.h"

namespace regard::simd {
namespace {

struct F32x16 {
  using Scalar = float;
  using Element = float;
  using Vector = __m512;
  typedef std::int32_t Int __attribute__((vector_size(64)));
  typedef std::uint64_t Words __attribute__((vector_size(64)));  // words of 32 bits in lanes of 64
  typedef double Wide __attribute__((vector_size(128)));         // as many lanes as Vector
  using Operand = __m512;
  static constexpr int kLanes = 16;
  static constexpr int kRows = 14;  // 28 sums, 2 columns, 2 broadcasts: all 32 registers
  static constexpr int kWideRows = 6;
  static constexpr int kDotRows = 4;

  static __mmask16 first(Index count) { return static_cast<__mmask16>((1U << count) - 1U); }
  static Vector zero() { return _mm512_setzero_ps(); }
  static Vector load(const float* p) { return _mm512_loadu_ps(p); }
  static Vector load(const float* p, Index count) { return _mm512_maskz_loadu_ps(first(count), p); }
  static void store(float* p, Vector v) { _mm512_storeu_ps(p, v); }
  static void store(float* p, Vector v, Index count) { _mm512_mask_storeu_ps(p, first(count), v); }
  static Operand operand(const float* p) { return load(p); }
  static Operand operand(const float* p, Index count) { return load(p, count); }
  static Vector broadcast(const float* p) { return _mm512_set1_ps(*p); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
  static Vector square_root(Vector v) { return _mm512_sqrt_ps(v); }
  // Multiplies the lower word of each lane of 64 bits.
  static Words product_of_words(Words a, std::uint32_t b) {
    return (Words)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(b));
  }
  static float sum(Vector v) {
    const __m256 h = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
    __m128 x = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
    x = _mm_add_ps(x, _mm_movehl_ps(x, x));
    return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
  }
  static void transpose(const float* from, Index ld, float* out, Index out_ld) {
    __m512 r[16], s[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) r[i] = _mm512_loadu_ps(from + i * ld);
#pragma GCC unroll 8
    for (int i = 0; i < 16; i += 2) {
      s[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
      s[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {  // r[i + c], 128-bit part q: column 4 q + c of rows i … i + 3
      r[i] = _mm512_shuffle_ps(s[i], s[i + 2], 0x44);
      r[i + 1] = _mm512_shuffle_ps(s[i], s[i + 2], 0xEE);
      r[i + 2] = _mm512_shuffle_ps(s[i + 1], s[i + 3], 0x44);
      r[i + 3] = _mm512_shuffle_ps(s[i + 1], s[i + 3], 0xEE);
    }
#pragma GCC unroll 4
    for (int c = 0; c < 4; ++c) {
      const __m512 low = _mm512_shuffle_f32x4(r[c], r[c + 4], 0x44),
                   high = _mm512_shuffle_f32x4(r[c], r[c + 4], 0xEE);
      const __m512 low2 = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0x44);
      const __m512 high2 = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0xEE);
      _mm512_storeu_ps(out + c * out_ld, _mm512_shuffle_f32x4(low, low2, 0x88));
      _mm512_storeu_ps(out + (c + 4) * out_ld, _mm512_shuffle_f32x4(low, low2, 0xDD));
      _mm512_storeu_ps(out + (c + 8) * out_ld, _mm512_shuffle_f32x4(high, high2, 0x88));
      _mm512_storeu_ps(out + (c + 12) * out_ld, _mm512_shuffle_f32x4(high, high2, 0xDD));
    }
  }
};

struct F64x8 {
  using Scalar = double;
  using Element = double;
  using Vector = __m512d;
  using Operand = __m512d;
  static constexpr int kLanes = 8;
  static constexpr int kRows = 14;
  static constexpr int kWideRows = 0;
  static constexpr int kDotRows = 4;

  static __mmask8 first(Index count) { return static_cast<__mmask8>((1U << count) - 1U); }
  static Vector zero() { return _mm512_setzero_pd(); }
  static Vector load(const double* p) { return _mm512_loadu_pd(p); }
  static Vector load(const double* p, Index count) { return _mm512_maskz_loadu_pd(first(count), p); }
  static void store(double* p, Vector v) { _mm512_storeu_pd(p, v); }
  static void store(double* p, Vector v, Index count) { _mm512_mask_storeu_pd(p, first(count), v); }
  static Operand operand(const double* p) { return load(p); }
  static Operand operand(const double* p, Index count) { return load(p, count); }
  static Vector broadcast(const double* p) { return _mm512_set1_pd(*p); }
  static Vector fma(Vector a, Vector b, Vector c) { return _mm512_fmadd_pd(a, b, c); }
  static double sum(Vector v) {
    const __m256d h = _mm256_add_pd(_mm512_castpd512_pd256(v), _mm512_extractf64x4_pd(v, 1));
    const __m128d x = _mm_add_pd(_mm256_castpd256_pd128(h), _mm256_extractf128_pd(h, 1));
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
