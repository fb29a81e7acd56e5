#pragma once
// 16-byte vectors in the compiler's own notation: SSE2 on x86-64, else what the processor has. See product/loops.inl.
#include "framework/base/base.h"

namespace regard::simd {
namespace {

template <class T>
struct Baseline {
  using Scalar = T;
  using Element = T;
  static constexpr int kLanes = 16 / sizeof(T);
  static constexpr int kRows = 4;
  static constexpr int kWideRows = 0;
  static constexpr int kDotRows = 2;
  typedef T Vector __attribute__((vector_size(16)));
  typedef T Unaligned __attribute__((vector_size(16), aligned(alignof(T)), may_alias));
  typedef std::int32_t Int __attribute__((vector_size(16)));
  typedef std::uint64_t Words __attribute__((vector_size(16)));  // words of 32 bits in lanes of 64
  typedef double Wide __attribute__((vector_size(32)));          // as many lanes as Vector
  using Operand = Vector;

  static Vector zero() { return Vector{}; }
  static Vector load(const T* p) { return *reinterpret_cast<const Unaligned*>(p); }
  static Vector load(const T* p, Index count) {
    Vector v{};
    for (int i = 0; i < count; ++i) v[i] = p[i];
    return v;
  }
  static void store(T* p, Vector v) { *reinterpret_cast<Unaligned*>(p) = v; }
  static void store(T* p, Vector v, Index count) {
    for (int i = 0; i < count; ++i) p[i] = v[i];
  }
  static Vector operand(const T* p) { return load(p); }
  static Vector operand(const T* p, Index count) { return load(p, count); }
  static Vector broadcast(const T* p) { return Vector{} + *p; }
  static Vector fma(Vector a, Vector b, Vector c) { return a * b + c; }
  static Vector square_root(Vector v) {
    for (int i = 0; i < kLanes; ++i)
      v[i] = kLanes == 4 ? static_cast<T>(__builtin_sqrtf(static_cast<float>(v[i])))
                         : static_cast<T>(__builtin_sqrt(static_cast<double>(v[i])));
    return v;
  }
  // Multiplies the lower word of each lane of 64 bits, whose upper word is 0.
  static Words product_of_words(Words a, std::uint32_t b) { return a * std::uint64_t{b}; }
  static T sum(Vector v) {
    if constexpr (kLanes == 4) return (v[0] + v[2]) + (v[1] + v[3]);
    return v[0] + v[1];
  }
  static void transpose(const T* from, Index ld, T* out, Index out_ld) {
    for (int j = 0; j < kLanes; ++j) {
      for (int k = 0; k < kLanes; ++k) out[k * out_ld + j] = from[j * ld + k];
    }
  }
};

}  // namespace
}  // namespace regard::simd
