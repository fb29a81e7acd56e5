// Products with AVX2 and FMA; compiled for them, so only called where CPUID says so.
#include "framework/tensor/simd/vectors/avx2.inl"
#include "framework/tensor/simd/product/loops.inl"
#include "framework/tensor/simd/product/tables.h"

namespace regard::simd {
namespace {

// Pairs of bfloat16, converted to float: c + a_1 b_1, then + a_0 b_0, each rounded once, as vdpbf16ps does it. This is
// twice the work of float32. It shows the effect of bfloat16 on a model, on processors without such instructions.
struct Pairs8 {
  using Scalar = float;
  using Element = std::uint32_t;
  using Vector = __m256;
  struct Operand {
    __m256 even, odd;
  };
  static constexpr int kLanes = 8;
  static constexpr int kRows = 4;
  static constexpr int kWideRows = 0;

  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector load(const float* p) { return _mm256_loadu_ps(p); }
  static Vector load(const float* p, Index count) { return F32x8::load(p, count); }
  static void store(float* p, Vector v) { _mm256_storeu_ps(p, v); }
  static void store(float* p, Vector v, Index count) { F32x8::store(p, v, count); }
  static Operand widened(__m256i pairs) {
    return {_mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16)),
            _mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32(static_cast<int>(0xFFFF0000U))))};
  }
  static Operand operand(const std::uint32_t* p) {
    return widened(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  static Operand operand(const std::uint32_t* p, Index) { return operand(p); }  // packed panels are full
  static Operand broadcast(const std::uint32_t* p) { return widened(_mm256_set1_epi32(static_cast<int>(*p))); }
  static Vector fma(Operand a, Operand b, Vector c) {
    return _mm256_fmadd_ps(a.even, b.even, _mm256_fmadd_ps(a.odd, b.odd, c));
  }
};

// Returns the nearest bfloat16, ties to even, in the upper half. NaN stays NaN. A number too small for a normal one
// becomes 0, as with vcvtneps2bf16.
inline std::uint32_t nearest(float x) {
  const std::uint32_t bits = __builtin_bit_cast(std::uint32_t, x);
  const std::uint32_t exponent = bits & 0x7F800000U;
  if (exponent == 0) return bits & 0x80000000U;
  if (exponent == 0x7F800000U) return (bits | ((bits & 0x7FFFFFU) != 0 ? 0x400000U : 0U)) & 0xFFFF0000U;
  return (bits + 0x7FFFU + ((bits >> 16) & 1U)) & 0xFFFF0000U;
}

struct Split {
  std::uint32_t high, low;  // low: of the rest
};

inline Split split(const PackPairs& p, Index k, Index column) {
  if (k >= p.k || column >= p.columns) return {0, 0};
  const float x = p.from[k * p.from_k + column * p.from_column];
  const std::uint32_t high = nearest(x);
  return {high, nearest(x - __builtin_bit_cast(float, high))};
}

inline void pack_pair(const PackPairs& p, Index pair, Index column, Index to) {
  const Split even = split(p, 2 * pair, column), odd = split(p, 2 * pair + 1, column);
  p.high[to] = even.high >> 16 | odd.high;
  if (p.low != nullptr) p.low[to] = even.low >> 16 | odd.low;
}

void pack_pairs_a(const PackPairs& p) {
  for (Index row = 0; row < p.columns; ++row) {
    for (Index pair = 0; pair < p.pairs; ++pair) pack_pair(p, pair, row, row * p.pairs + pair);
  }
}
void pack_pairs_b(const PackPairs& p) {
  constexpr Index kPanel = 2 * Pairs8::kLanes;
  for (Index pair = 0; pair < p.pairs; ++pair) {
    for (Index column = 0; column < kPanel; ++column) pack_pair(p, pair, column, pair * kPanel + column);
  }
}
void nothing() {}

}  // namespace

constinit const FloatKernels<float> kF32Avx2 = float_kernels<F32x8>();
constinit const FloatKernels<double> kF64Avx2 = float_kernels<F64x4>();
constinit const Bfloat16Kernels kBfloat16Avx2 = {
    {Pairs8::kRows, Pairs8::kWideRows, 2 * Pairs8::kLanes, Pairs8::kRows, 1, panel<Pairs8>},
    nothing,
    nothing,
    pack_pairs_a,
    pack_pairs_b,
    nullptr};

}  // namespace regard::simd
