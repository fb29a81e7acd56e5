// Functions over spans with AVX-512; compiled for it, so only called where CPUID says so.
#include "framework/tensor/simd/math_loops.inl"
#include "framework/tensor/simd/vectors_avx512.inl"

namespace regard::simd {

constinit const MathKernels kMathAvx512 = Math<F32x16>::table();

}  // namespace regard::simd
