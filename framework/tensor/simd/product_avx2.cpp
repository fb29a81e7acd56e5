// Products with AVX2 and FMA; compiled for them, so only called where CPUID says so.
#include "framework/tensor/simd/product_loops.inl"
#include "framework/tensor/simd/product_tables.h"
#include "framework/tensor/simd/vectors_avx2.inl"

namespace regard::simd {

constinit const FloatKernels<float> kF32Avx2 = float_kernels<F32x8>();
constinit const FloatKernels<double> kF64Avx2 = float_kernels<F64x4>();

}  // namespace regard::simd
