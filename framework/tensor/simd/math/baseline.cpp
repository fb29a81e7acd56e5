// Functions over spans with what every processor of the architecture has.
#include "framework/tensor/simd/vectors/baseline.inl"
#include "framework/tensor/simd/math/loops.inl"

namespace regard::simd {

constinit const MathKernels kMathBaseline = Math<Baseline<float>>::table();

}  // namespace regard::simd
