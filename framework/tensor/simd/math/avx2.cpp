// Functions over spans with AVX2 and FMA; compiled for them, so only called where CPUID says so.
#include "framework/tensor/simd/vectors/avx2.inl"
#include "framework/tensor/simd/math/loops.inl"

namespace regard::simd {

constinit const MathKernels kMathAvx2 = Math<F32x8>::table();

}  // namespace regard::simd
