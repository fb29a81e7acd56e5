#pragma once
// The tables of kernels.h, each defined by the source compiled for its instruction set.
#include "framework/tensor/simd/product/kernels.h"

namespace regard::simd {

extern const FloatKernels<float> kF32Baseline;
extern const FloatKernels<double> kF64Baseline;
#if defined(__x86_64__)
extern const FloatKernels<float> kF32Avx2;
extern const FloatKernels<double> kF64Avx2;
extern const Bfloat16Kernels kBfloat16Avx2;
extern const FloatKernels<float> kF32Avx512;
extern const FloatKernels<double> kF64Avx512;
extern const Bfloat16Kernels kBfloat16Avx512;
extern const Bfloat16Kernels kBfloat16Amx;
#endif

}  // namespace regard::simd
