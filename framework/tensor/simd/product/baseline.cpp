// Products with what every processor of the architecture has.
#include "framework/tensor/simd/vectors/baseline.inl"
#include "framework/tensor/simd/product/loops.inl"
#include "framework/tensor/simd/product/tables.h"

namespace regard::simd {

constinit const FloatKernels<float> kF32Baseline = float_kernels<Baseline<float>>();
constinit const FloatKernels<double> kF64Baseline = float_kernels<Baseline<double>>();

}  // namespace regard::simd
