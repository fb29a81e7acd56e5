// Products of pairs of bfloat16 with AVX-512 BF16; compiled for it, so only called where CPUID says so.
#include "framework/tensor/simd/product/loops.inl"
#include "framework/tensor/simd/product/pack_bfloat16.inl"
#include "framework/tensor/simd/product/tables.h"

namespace regard::simd {
namespace {

// vdpbf16ps: c + a_1 b_1, then + a_0 b_0, each rounded to nearest even, denormals taken as 0.
struct Pairs16 {
  using Scalar = float;
  using Element = std::uint32_t;
  using Vector = __m512;
  using Operand = __m512bh;
  static constexpr int kLanes = 16;
  static constexpr int kRows = 14;
  static constexpr int kWideRows = 6;

  static Vector zero() { return _mm512_setzero_ps(); }
  static Vector load(const float* p) { return _mm512_loadu_ps(p); }
  static Vector load(const float* p, Index count) { return F32x16::load(p, count); }
  static void store(float* p, Vector v) { _mm512_storeu_ps(p, v); }
  static void store(float* p, Vector v, Index count) { F32x16::store(p, v, count); }
  static Operand operand(const std::uint32_t* p) { return (__m512bh)_mm512_loadu_si512(p); }
  static Operand operand(const std::uint32_t* p, Index) { return operand(p); }  // packed panels are full
  static Operand broadcast(const std::uint32_t* p) { return (__m512bh)_mm512_set1_epi32(static_cast<int>(*p)); }
  static Vector fma(Operand a, Operand b, Vector c) { return _mm512_dpbf16_ps(c, a, b); }
};

void nothing() {}

}  // namespace

constinit const Bfloat16Kernels kBfloat16Avx512 = {
    product_kernels<Pairs16>(), nothing, nothing, pack_pairs_a, pack_pairs_b, pack_pairs_a_across};

}  // namespace regard::simd
