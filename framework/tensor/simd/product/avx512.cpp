// Products with AVX-512; compiled for it, so only called where CPUID says so.
#include "framework/tensor/simd/vectors/avx512.inl"
#include "framework/tensor/simd/product/loops.inl"
#include "framework/tensor/simd/product/tables.h"

namespace regard::simd {

constinit const FloatKernels<float> kF32Avx512 = float_kernels<F32x16>();
constinit const FloatKernels<double> kF64Avx512 = float_kernels<F64x8>();

}  // namespace regard::simd
