// Functions over spans with what every processor of the architecture has.
#include "framework/tensor/simd/math_loops.h"
#include "framework/tensor/simd/vectors_baseline.h"

namespace regard::simd {

constinit const MathKernels kMathBaseline = Math<Baseline<float>>::table();

}  // namespace regard::simd
