// Functions over spans with AVX-512; compiled for it, so only called where CPUID says so.
#include "framework/tensor/simd/vectors/avx512.inl"
#include "framework/tensor/simd/math/loops.inl"

namespace regard::simd {

constinit const MathKernels kMathAvx512 = Math<F32x16>::table();

}  // namespace regard::simd
