#include "framework/tensor/simd/product/kernels.h"

#include "framework/tensor/simd/product/tables.h"

namespace regard::simd {

#if defined(__x86_64__)

const FloatKernels<float>* f32_kernels(InstructionSet set) {
  if (set >= InstructionSet::avx512) return &kF32Avx512;
  return set == InstructionSet::avx2 ? &kF32Avx2 : &kF32Baseline;
}

const FloatKernels<double>* f64_kernels(InstructionSet set) {
  if (set >= InstructionSet::avx512) return &kF64Avx512;
  return set == InstructionSet::avx2 ? &kF64Avx2 : &kF64Baseline;
}

const Bfloat16Kernels* bfloat16_kernels(InstructionSet set) {
  if (set == InstructionSet::amx) return &kBfloat16Amx;
  if (set == InstructionSet::avx512_bf16) return &kBfloat16Avx512;
  return set >= InstructionSet::avx2 ? &kBfloat16Avx2 : nullptr;
}

#else

const FloatKernels<float>* f32_kernels(InstructionSet) { return &kF32Baseline; }
const FloatKernels<double>* f64_kernels(InstructionSet) { return &kF64Baseline; }
const Bfloat16Kernels* bfloat16_kernels(InstructionSet) { return nullptr; }

#endif

}  // namespace regard::simd
